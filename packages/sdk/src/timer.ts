import { TimeoutError } from './errors.ts'

/** The most that `setTimeout` takes: 24 days. */
const longestMs = 2 ** 31 - 1

/** A signal that ends with the outer one, or when the time is up: `AbortSignal.any` is too new. */
export function startTimer(ms: number, outer?: AbortSignal, what?: string) {
  const controller = new AbortController()
  const follow = () => controller.abort(outer?.reason)
  const timer = setTimeout(
    () => controller.abort(new TimeoutError(`${what}: no answer within ${Math.round(ms)} ms`)),
    Math.min(ms, longestMs),
  )
  if (outer?.aborted) follow()
  outer?.addEventListener('abort', follow)
  return {
    signal: controller.signal,
    /** The outer signal goes on to count where what follows it is still read. */
    stop(isRead = true) {
      clearTimeout(timer)
      if (isRead) outer?.removeEventListener('abort', follow)
    },
  }
}

/** Rejects when the signal ends, with its reason. */
export function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason)
    if (signal.aborted) end()
    signal.addEventListener('abort', end)
  })
}

/** Waits until the time is up; rejects with the reason of the outer signal if it ends earlier. */
export async function sleep(ms: number, outer?: AbortSignal): Promise<void> {
  const { signal, stop } = startTimer(ms, outer)
  await ended(signal).catch(stop)
  if (outer?.aborted) throw outer.reason
}
