import type { Count } from './tally.ts'

/** So many keys are kept in mind; beyond them the one counted longest ago is forgotten. */
const defaultMostKeys = 100_000

interface Window {
  total: number
  readonly endsAt: number
}

/** Counts in the memory of this process, in windows that begin with the first count. */
export function createLocalTally(mostKeys = defaultMostKeys) {
  const windows = new Map<string, Window>()
  return (key: string, amount: number, windowMs: number): Count => {
    // In whole milliseconds, or a window might seem to last longer than it does.
    const now = Math.trunc(performance.now())
    const known = windows.get(key)
    const window = known && known.endsAt > now ? known : { total: 0, endsAt: now + windowMs }
    window.total += amount
    // The youngest stands last.
    windows.delete(key)
    windows.set(key, window)
    const [oldest] = windows.keys()
    if (windows.size > mostKeys && oldest !== undefined) windows.delete(oldest)
    return { total: window.total, leftMs: window.endsAt - now }
  }
}
