import { DrizzleQueryError } from 'drizzle-orm'

/** The one place that knows the errors of both databases. */

/** Whether a write failed because a value must be unique; `constraint` names the index or column. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  const origin = originOf(error)
  if (origin?.code === 'SQLITE_CONSTRAINT_UNIQUE') return origin.message.includes(constraint)
  return origin?.code === '23505' && origin.constraint?.includes(constraint) === true
}

/** Whether PostgreSQL has ended a transaction in favour of another: it can be begun anew at once. */
export function isConflict(error: unknown): boolean {
  const code = originOf(error)?.code
  return code === serializationFailure || code === deadlock
}

const serializationFailure = '40001'
const deadlock = '40P01'

const unavailableSqlite = [
  'SQLITE_BUSY',
  'SQLITE_CANTOPEN',
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_LOCKED',
]

/** Cannot connect, resources, shutting down, time-outs of a lock, statement or transaction, deadlock. */
const unavailablePostgres = ['08', '53', '57', '55P03', '25P03', '40']

const unavailableSystem = [
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]

/** Errors of the driver have no code. */
const unavailableMessage =
  /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error)/

/** Whether the database cannot answer just now, so that trying again later may help. */
export function isUnavailable(error: unknown): boolean {
  const origin = originOf(error)
  if (!origin) return false
  const code = origin.code ?? ''
  return (
    unavailableSqlite.some((prefix) => code.startsWith(prefix)) ||
    (/^[0-9A-Z]{5}$/.test(code) && unavailablePostgres.some((prefix) => code.startsWith(prefix))) ||
    unavailableSystem.includes(code) ||
    unavailableMessage.test(origin.message)
  )
}

/** Whether a statement was given up while the connection still waits for its answer. */
export function isUnanswered(error: unknown): boolean {
  return originOf(error)?.message === 'Query read timeout'
}

/**
 * The error for a log. Drizzle's message holds the values of the statement, and
 * PostgreSQL's details those of the row; hashes are among them.
 */
export function withoutValues<T>(error: T): T | Error {
  const origin = originOf(error)
  if (!origin || !holdsValues(error)) return error
  const { message, stack, code, constraint } = origin
  return Object.assign(new Error(message), { stack, code, constraint })
}

function holdsValues(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error instanceof DrizzleQueryError || 'detail' in error || holdsValues(error.cause)
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
