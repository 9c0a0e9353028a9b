/** The one place that knows the errors of both databases. */

/** Whether a write failed because a value must be unique; `constraint` names the index or column. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  const origin = originOf(error)
  if (origin?.code === 'SQLITE_CONSTRAINT_UNIQUE') return origin.message.includes(constraint)
  return origin?.code === '23505' && origin.constraint?.includes(constraint) === true
}

const unavailableSqlite = ['SQLITE_BUSY', 'SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_LOCKED']

/** Too many connections, shutting down, cannot connect, resources, time-outs of a lock or statement. */
const unavailablePostgres = ['53', '57', '08', '55P03', '40']

const unavailableSystem = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND']

/** Whether the database cannot answer just now, so that trying again later may help. */
export function isUnavailable(error: unknown): boolean {
  const origin = originOf(error)
  if (!origin) return false
  const code = origin.code ?? ''
  return (
    unavailableSqlite.some((prefix) => code.startsWith(prefix)) ||
    (/^[0-9A-Z]{5}$/.test(code) && unavailablePostgres.some((prefix) => code.startsWith(prefix))) ||
    unavailableSystem.includes(code) ||
    /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout)/.test(
      origin.message,
    )
  )
}

interface DatabaseError extends Error {
  readonly code?: string
  readonly constraint?: string
}

/** Drizzle wraps the driver's error on PostgreSQL, and not on SQLite. */
function originOf(error: unknown): DatabaseError | undefined {
  if (!(error instanceof Error)) return undefined
  return error.cause instanceof Error ? originOf(error.cause) : error
}
