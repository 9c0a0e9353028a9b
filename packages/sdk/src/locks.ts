/** A tab that the browser has put to sleep may hold the lock for ever; others wait so long. */
const longestWaitMs = 5_000

/**
 * Does the work while no other tab does work of this name. Where the browser has no Web Locks, or
 * the lock does not come free, it is done all the same: the server forgives it.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks
  if (!locks) return work()
  let isBegun = false
  const waiting = new AbortController()
  const timer = setTimeout(() => waiting.abort(), longestWaitMs)
  const begin = () => {
    isBegun = true
    clearTimeout(timer)
    return work()
  }
  try {
    return await locks.request(name, { signal: waiting.signal }, begin)
  } catch (error) {
    if (isBegun) throw error
    return begin()
  }
}
