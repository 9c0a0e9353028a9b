import { startTimer } from './timer.ts'

/** A tab that the browser has put to sleep may hold the lock for ever; others wait so long. */
const longestWaitMs = 5_000

/**
 * Does the work while no other tab does work of this name, and tells it whether one just has.
 * Where the browser has no Web Locks, or the lock does not come free, it is done all the same:
 * the server forgives it.
 */
export async function withLock<T>(name: string, work: (isNext: boolean) => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks
  const timer = startTimer(longestWaitMs)
  let begun: Promise<T> | undefined
  const begin = (isNext: boolean) => {
    timer.stop()
    begun = work(isNext)
    return begun
  }
  try {
    await locks?.request(name, { ifAvailable: true }, (lock) => lock && begin(false))
    if (!begun) await locks?.request(name, { signal: timer.signal }, () => begin(true))
  } catch {
    // Of the work, which is answered below, or that no lock is to be had.
  }
  return begun ?? begin(false)
}
