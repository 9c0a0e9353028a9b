import { type Answer, type Call, toCall } from './call.ts'
import type { ProblemCode } from './generated/types.gen.ts'

/** A list: await it for its first page, or walk through all its items with `for await`. */
export interface List<P extends Page<Item>, Item, Code extends string = ProblemCode>
  extends Call<P, Code>,
    AsyncIterable<Item> {
  /** Walks through the pages; `cursorOf` each is where a later walk may go on. */
  pages(): AsyncIterable<P>
  /** The items, at most so many; what is beyond is not asked for. */
  all(options: { readonly max: number }): Promise<Item[]>
}

export interface Page<Item> {
  readonly results: readonly Item[]
  /** The URL of the next page, or `null` on the last one. */
  readonly next: string | null
}

/** Where the next page starts, to be given as `cursor`; `undefined` on the last one. */
export function cursorOf({ next }: Pick<Page<unknown>, 'next'>): string | undefined {
  // Only the cursor is taken from the URL: the token must not follow it to another host.
  const cursor = /[?&]cursor=([^&]+)/.exec(next ?? '')?.[1]
  return cursor && decodeURIComponent(cursor)
}

/** Makes a list of its first page, asked for already, and of a way to get the page at a cursor. */
export function toList<P extends Page<Item>, Item>(
  first: Promise<Answer<P>>,
  pageAt: (cursor: string) => Promise<P>,
): List<P, Item> {
  const call = toCall(first)

  async function* pages() {
    let page = await call
    for (;;) {
      yield page
      const cursor = cursorOf(page)
      if (!cursor) return
      page = await pageAt(cursor)
    }
  }

  async function* items() {
    for await (const page of pages()) yield* page.results
  }

  return Object.assign(call, {
    pages,
    [Symbol.asyncIterator]: items,
    async all({ max }: { readonly max: number }) {
      const found: Item[] = []
      for await (const item of max > 0 ? items() : []) {
        if (found.push(item) >= max) break
      }
      return found
    },
  })
}
