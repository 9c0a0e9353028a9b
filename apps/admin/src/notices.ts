import { createStore } from './store.ts'

/** Something that was done, told in passing. */
export interface Notice {
  readonly number: number
  readonly text: string
  /** Only for those who hear the page: the others see it where it happened. */
  readonly isHeardOnly?: boolean
}

export const notices = createStore<readonly Notice[]>([])

const lifetimeMs = 8_000
let made = 0

/** Tells what was done, seen and heard. */
export function notify(text: string) {
  add({ text })
}

/** Tells those who hear the page what the others see. */
export function announce(text: string) {
  add({ text, isHeardOnly: true })
}

export function dismiss(number: number) {
  notices.update((known) => known.filter((notice) => notice.number !== number))
}

function add(notice: Omit<Notice, 'number'>) {
  made += 1
  const number = made
  notices.update((known) => [...known.slice(-3), { ...notice, number }])
  setTimeout(() => dismiss(number), lifetimeMs)
}
