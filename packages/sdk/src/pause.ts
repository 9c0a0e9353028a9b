import { isApiError } from './errors.ts'
import { askedWaitMs } from './retry.ts'

/** After each failure in a row renewing waits twice as long, up to this. */
const longestMs = 30_000
/** However long a proxy asks to be left alone. */
const mostAskedMs = 60_000
/** So many renewals in a row whose token was never accepted show that another will not help. */
const mostFruitless = 3

/** Keeps a client from asking for tokens over and over, where that does not help. */
export function createPause(now: () => number) {
  let failures = 0
  let fruitless = 0
  let since = 0
  let error: unknown

  /** A clock that was set meanwhile, in whichever direction, ends the pause too. */
  const isWithin = (ms: number) => Math.abs(now() - since) < ms

  return {
    /** Renews, unless that has just failed: then it fails alike, and nothing is sent. */
    async guard<T>(renew: () => Promise<T>): Promise<T> {
      const ownMs = Math.min(longestMs, 500 * 2 ** failures)
      const askedMs = Math.min(mostAskedMs, askedWaitMs(error))
      if (failures && isWithin(Math.max(ownMs, askedMs))) throw error
      try {
        const renewed = await renew()
        failures = 0
        fruitless += 1
        return renewed
      } catch (failure) {
        if (!isRefusal(failure)) {
          failures += 1
          error = failure
        }
        throw failure
      } finally {
        since = now()
      }
    },

    /** Whether the server has refused what it had just answered, several times in a row. */
    isFruitless: () => fruitless >= mostFruitless && isWithin(longestMs),

    /** Notes that a token was accepted. */
    confirm() {
      fruitless = 0
    },
  }
}

/** Whether the server has refused the token itself: being busy or out of reach is no refusal. */
export function isRefusal(error: unknown): boolean {
  // A page of a proxy with such a status is no answer of the server.
  return isApiError(error) && error.code !== 'unknown' && [400, 401, 403].includes(error.status)
}
