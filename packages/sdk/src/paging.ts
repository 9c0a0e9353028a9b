import { type Answer, type Call, toCall } from './call.ts'

/** A list: await it for its first page, or walk through all its items with `for await`. */
export interface List<P extends Page<Item>, Item> extends Call<P>, AsyncIterable<Item> {}

export interface Page<Item> {
  readonly results: readonly Item[]
  /** The URL of the next page, or `null` on the last one. */
  readonly next: string | null
}

/** Makes a list of its first page, asked for already, and of a way to get the page at a cursor. */
export function toList<P extends Page<Item>, Item>(
  first: Promise<Answer<P>>,
  pageAt: (cursor: string) => Promise<P>,
): List<P, Item> {
  const call = toCall(first)
  return Object.assign(call, {
    async *[Symbol.asyncIterator]() {
      let page = await call
      for (;;) {
        yield* page.results
        const cursor = cursorOf(page.next)
        if (!cursor) return
        page = await pageAt(cursor)
      }
    },
  })
}

/** Only the cursor is taken from the URL: the token must not follow it to another host. */
function cursorOf(next: string | null): string | null {
  return next && new URL(next, 'http://relative.invalid').searchParams.get('cursor')
}
