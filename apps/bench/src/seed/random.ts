/** Predictable numbers: the same seed makes the same people. */
export interface Random {
  /** At least 0 and less than 1. */
  next(): number
  /** An integer of at least 0 and less than `end`. */
  below(end: number): number
  pick<T>(items: readonly T[]): T
  /** One of the first items oftener than one of the last. */
  pickSkewed<T>(items: readonly T[]): T
}

/** The generator `mulberry32`: small, fast and good enough to make people up. */
export function createRandom(seed: number): Random {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number) => Math.floor(next() * end)
  return {
    next,
    below,
    pick: (items) => at(items, below(items.length)),
    pickSkewed: (items) => at(items, Math.floor(next() ** 2 * items.length)),
  }
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new Error('There is nothing to pick from')
  return item
}
