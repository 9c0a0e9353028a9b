/** How often what another connection has locked is tried again. */
const retryMs = 10

/**
 * Repeats what a lock of another connection prevents, for so long. SQLite's own
 * `busy_timeout` would block the event loop meanwhile.
 */
export async function retryWhileLocked<T>(work: () => T, limitMs: number): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += retryMs) {
    try {
      return work()
    } catch (error) {
      if (!isLocked(error) || waitedMs >= limitMs) throw error
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }
}

function isLocked(error: unknown) {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
}
