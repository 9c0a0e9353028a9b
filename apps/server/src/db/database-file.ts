import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  statSync,
  unlinkSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { randomText } from '../crypto.ts'
import { secretFileOf } from '../secret.ts'

/** The file of the database is not what it should be; the message is for the operator, in one line. */
export class DatabaseFileError extends Error {}

/**
 * Makes the file where there never was one, readable by its owner alone. A file that is no
 * database, or that is gone though something of it is left, is refused: a fresh one in its place
 * would look like the loss of every account.
 */
export function prepareFile(path: string, { isNew }: { isNew: boolean }): void {
  // First: another starter makes the file before anything beside it.
  const trace = isNew ? undefined : traceOf(path)
  if (statFile(path) !== undefined) attempt(path, () => chmodSync(path, 0o600))
  else if (trace === undefined) make(path)
  else throw gone(path, trace)
}

function gone(path: string, trace: string): DatabaseFileError {
  return new DatabaseFileError(
    `There is no database ${path}, but ${trace} is there. Put the database back, or restore a backup with \`rollcall restore\`; to begin anew, move ${trace} away.`,
  )
}

/** The size of the file in bytes, and nothing where there is none; throws for what is no database. */
export function statFile(path: string): number | undefined {
  const stats = attempt(path, () => statSync(path, { throwIfNoEntry: false }))
  if (stats?.isDirectory()) {
    throw new DatabaseFileError(`The database ${path} is a folder, not a file.`)
  }
  // One that is being made is never seen empty.
  if (stats?.size === 0) {
    throw new DatabaseFileError(
      `The database ${path} is empty: its contents are gone. Restore a backup with \`rollcall restore\`; to begin anew, delete the file.`,
    )
  }
  return stats?.size
}

/** Whole files are looked at up to this size, which takes a third of a second. */
const mostBytesExamined = 256 * 1024 * 1024

/** Refuses a damaged file, and leaves it as it is; of a huge one `rollcall doctor` looks at all. */
export function refuseDamaged(path: string): void {
  const bytes = statFile(path)
  if (bytes === undefined) return
  const isHuge = bytes > mostBytesExamined
  const complaint = attempt(path, () => examine(path, isHuge ? 'user_version' : 'quick_check'))
  if (complaint !== undefined) throw damaged(path, complaint)
}

/** What SQLite complains of first; the thorough check compares tables and indexes too. */
export function examine(
  path: string,
  check: 'user_version' | 'quick_check' | 'integrity_check',
): string | undefined {
  const connection = openToRead(path)
  try {
    connection.prepare('SELECT count(*) FROM sqlite_master').get()
    // With a number in brackets SQLite would set it.
    if (check === 'user_version') return void connection.pragma('user_version')
    const answer = String(connection.pragma(`${check}(1)`, { simple: true }))
    if (answer === 'ok') return undefined
    return answer.split('\n').find((line) => !line.startsWith('***'))
  } catch (error) {
    if (isDamage(error)) return (error as Error).message
    throw error
  } finally {
    connection.close()
  }
}

/**
 * Opens the file so that nothing of it changes: what a process that was killed has left in its
 * -wal stays there, and where there is none, none stays behind.
 */
export function openToRead(path: string): Database {
  const readonly = existsSync(`${path}-wal`)
  const connection = new Sqlite(path, { readonly, fileMustExist: true, timeout: 5_000 })
  connection.pragma('query_only = ON')
  return connection
}

/** Runs what opens the file; tells of its errors in words. */
export function attempt<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw explain(path, error)
  }
}

/** An error of the file in words for the operator; any other as it is. */
export function explain(path: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  if (isDamage(error)) return damaged(path, error.message, error)
  const code = String(error.code)
  if (!/^(E[A-Z]+|SQLITE_(CANTOPEN|READONLY|PERM|AUTH).*)$/.test(code)) return error
  return new DatabaseFileError(`The database ${path} cannot be opened: ${error.message}.`, {
    cause: error,
  })
}

function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^SQLITE_(NOTADB|CORRUPT)/.test(code)
}

function damaged(path: string, what: string, cause?: unknown): DatabaseFileError {
  return new DatabaseFileError(
    `The database ${path} is damaged: ${what}. Keep a copy of it, and restore a backup with \`rollcall restore\`.`,
    { cause },
  )
}

/** What tells that there was a database here. */
function traceOf(path: string): string | undefined {
  const traces = [`${path}-wal`, `${path}-shm`, secretFileOf(`file:${path}`)]
  return traces.find((trace) => statSync(trace, { throwIfNoEntry: false }))
}

/** Of two first starts one makes the file, and neither sees it half made. */
function make(path: string) {
  attempt(path, () => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const draft = `${path}.${randomText(6)}`
    closeSync(openSync(draft, 'wx', 0o600))
    const connection = new Sqlite(draft)
    connection.pragma('journal_mode = WAL')
    connection.close()
    try {
      linkSync(draft, path)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    } finally {
      unlinkSync(draft)
    }
  })
}
