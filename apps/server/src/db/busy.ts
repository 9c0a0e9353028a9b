/** How often what another connection has locked is tried again. */
const retryMs = 1

/**
 * Repeats what a lock of another connection prevents, for so long; answers with
 * it whether there was one. SQLite's own `busy_timeout` would block the event
 * loop meanwhile.
 */
export async function retryWhileLocked<T>(
  work: () => T,
  limitMs: number,
): Promise<{ result: T; hasWaited: boolean }> {
  const end = performance.now() + limitMs
  for (let hasWaited = false; ; hasWaited = true) {
    try {
      return { result: work(), hasWaited }
    } catch (error) {
      if (!isLocked(error) || performance.now() >= end) throw error
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }
}

function isLocked(error: unknown) {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
}
