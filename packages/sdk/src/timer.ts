/** The most that `setTimeout` takes: 24 days. */
const longestMs = 2 ** 31 - 1

/** A signal that ends with the outer one, or when the time is up: `AbortSignal.any` is too new. */
export function startTimer(ms: number, outer?: AbortSignal) {
  const controller = new AbortController()
  const follow = () => controller.abort(outer?.reason)
  if (outer?.aborted) follow()
  outer?.addEventListener('abort', follow)
  const timer = setTimeout(() => controller.abort(), Math.min(ms, longestMs))
  return {
    signal: controller.signal,
    /** The outer signal goes on to count where what follows it is still read. */
    stop(isRead = true) {
      clearTimeout(timer)
      if (isRead) outer?.removeEventListener('abort', follow)
    },
  }
}

/** Waits until the time is up; rejects with the reason of the outer signal if it ends earlier. */
export async function sleep(ms: number, outer?: AbortSignal): Promise<void> {
  const { signal, stop } = startTimer(ms, outer)
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  }
  stop()
  if (outer?.aborted) throw outer.reason
}
