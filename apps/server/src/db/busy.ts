/** How often what another connection has locked is tried again. */
const retryMs = 1

/**
 * Repeats what a lock of another connection prevents, for so long. SQLite's own
 * `busy_timeout` would block the event loop meanwhile.
 */
export async function retryWhileLocked<T>(work: () => T, limitMs: number): Promise<T> {
  const endsAt = performance.now() + limitMs
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!isLocked(error) || performance.now() >= endsAt) throw error
      await retryPause()
    }
  }
}

export function retryPause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, retryMs))
}

export function isLocked(error: unknown) {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
}
