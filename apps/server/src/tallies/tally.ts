/** How often a key was counted in its window, and when the window ends. */
export interface Count {
  readonly total: number
  readonly leftMs: number
}

/** Counts for several processes together. */
export interface Tally {
  /** Counts so many at once, in a window that begins with the first; rejects soon when it cannot. */
  add(key: string, amount: number, windowMs: number): Promise<Count>
  /** Resolves while it can count. */
  check(): Promise<unknown>
}
