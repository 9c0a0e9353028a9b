import type { Answer } from './call.ts'
import { isApiError, isNetworkError } from './errors.ts'
import type { Operation } from './operation.ts'
import type { ClientOptions } from './options.ts'
import { sleep } from './timer.ts'
import type { Attempt, Input } from './transport.ts'

/** Calls an operation: sends it, and sends it again where that is safe and may help. */
export type Send = (operation: Operation, input: Input) => Promise<Answer<unknown>>

/** How long, and how often, a call is tried. */
export type Patience = Pick<ClientOptions, 'timeoutMs' | 'deadlineMs' | 'retries' | 'sleep'>

export function createRetries(attempt: Attempt, patience: Patience): Send {
  return async (operation, input) => {
    const { options = {} } = input
    const given = (name: 'timeoutMs' | 'deadlineMs' | 'retries', otherwise: number) =>
      options[name] ?? patience[name] ?? otherwise
    const timeoutMs = given('timeoutMs', 30_000)
    const deadlineMs = given('deadlineMs', 60_000)
    const retries = given('retries', 2)
    const startedAt = performance.now()
    for (let count = 1; ; count += 1) {
      const leftMs = () => deadlineMs - (performance.now() - startedAt)
      try {
        return await attempt(operation, input, Math.min(timeoutMs, leftMs()), count)
      } catch (error) {
        if (count > retries || !mayHelp(error) || !isSafe(operation, input, error)) throw error
        const waitMs = waitBefore(count, error)
        if (waitMs >= leftMs()) throw error
        await (patience.sleep ?? sleep)(waitMs, options.signal)
      }
    }
  }
}

/** What passes by itself: the server has said when to come back, or a proxy cannot reach it. */
function mayHelp(error: unknown): boolean {
  if (!isApiError(error)) return isNetworkError(error)
  return error.retryAfter !== undefined || [429, 502, 503, 504].includes(error.status)
}

/** Whether doing it twice is as good as doing it once (RFC 9110, 9.2.2). */
function isSafe({ id, method }: Operation, { options }: Input, error: unknown): boolean {
  // Whoever has changed it meanwhile may be this call itself, whose answer was lost.
  if (options?.ifMatch) return isApiError(error) && error.code !== 'unknown'
  // The server answers the same successor once more; what is signed out stays so.
  const isIdempotent = /^(GET|PUT|DELETE) | (token.refresh|logout)$/.test(`${method} ${id}`)
  return isIdempotent || options?.idempotencyKey !== undefined
}

const firstWaitMs = 250
const longestWaitMs = 8_000

/** Full jitter: those who were refused together do not come back together. */
function waitBefore(count: number, error: unknown): number {
  const askedMs = askedWaitMs(error)
  const mostMs = askedMs ? firstWaitMs : Math.min(longestWaitMs, firstWaitMs * 2 ** (count - 1))
  // biome-ignore lint/nursery/noJsRestrictedProperties: when to come back is no secret.
  return askedMs + Math.random() * mostMs
}

/** How long the server asks to be left alone. */
export function askedWaitMs(error: unknown): number {
  return ((isApiError(error) && error.retryAfter) || 0) * 1_000
}
