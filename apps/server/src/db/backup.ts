import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { hashFile, randomText } from '../crypto.ts'
import { attempt, DatabaseFileError, examine, openToRead, statFile } from './database-file.ts'
import { pendingMigrations, readMigrations } from './migrate.ts'

/** What a copy of the database holds. */
export interface CopyReport {
  readonly bytes: number
  readonly sha256: string
  /** The newest migration that it has seen. */
  readonly migration: string
  /** Of each table. */
  readonly rows: Readonly<Record<string, number>>
}

/**
 * Copies a database of SQLite while others read and write it. `VACUUM INTO` works on one state of
 * it, however much is written meanwhile, and leaves out what was deleted; the backup API of SQLite
 * begins anew whenever another process writes.
 */
export async function copySqlite(from: string, to: string): Promise<CopyReport> {
  if (statFile(from) === undefined) throw new DatabaseFileError(`There is no database ${from}.`)
  const source = attempt(from, () => openToRead(from))
  closeSync(openSync(to, 'wx', 0o600))
  try {
    attempt(from, () => vacuumInto(source, to))
    flush(to)
    return await inspectCopy(to)
  } catch (error) {
    rmSync(to)
    throw error
  } finally {
    source.close()
  }
}

function vacuumInto(source: Database, to: string) {
  try {
    source.pragma('query_only = OFF')
    source.prepare('VACUUM INTO ?').run(to)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!/^SQLITE_(FULL|IOERR)/.test(code)) throw error
    throw new Error(`The copy cannot be written: ${(error as Error).message}.`, { cause: error })
  }
}

/** Reads a copy from end to end; refuses one that is damaged, no database of ours, or newer. */
export async function inspectCopy(path: string): Promise<CopyReport> {
  const bytes = statFile(path)
  if (bytes === undefined) throw new DatabaseFileError(`There is no file ${path}.`)
  const complaint = attempt(path, () => examine(path, 'integrity_check'))
  if (complaint !== undefined) {
    throw new DatabaseFileError(`The copy ${path} is damaged: ${complaint}. Take another one.`)
  }
  const copy = openToRead(path)
  try {
    const migration = newestMigration(copy, path)
    return { bytes, sha256: await hashFile(path), migration, rows: countRows(copy) }
  } finally {
    copy.close()
  }
}

function newestMigration(copy: Database, path: string): string {
  const isOurs = copy.prepare("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").get()
  const applied = isOurs
    ? copy
        .prepare<[], { name: string; checksum: string }>(
          'SELECT name, checksum FROM migrations ORDER BY name',
        )
        .all()
    : []
  const newest = applied.at(-1)?.name
  if (newest === undefined) throw new DatabaseFileError(`${path} is no database of Rollcall.`)
  pendingMigrations(readMigrations('sqlite'), applied)
  return newest
}

function countRows(copy: Database): Record<string, number> {
  const names = copy
    .prepare<[], string>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migrations'
       AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'users_search%' ORDER BY name`,
    )
    .pluck()
    .all()
  const count = (name: string) =>
    copy.prepare<[], number>(`SELECT count(*) FROM "${name}"`).pluck().get() ?? 0
  return Object.fromEntries(names.map((name) => [name, count(name)]))
}

/** A name beside the file, for what is to become it. */
export function draftBeside(path: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  return `${path}.${randomText(6)}.part`
}

/** Gives a draft its name; one that another file has only where that may be overwritten. */
export function publish(draft: string, path: string, { overwrite }: { overwrite: boolean }): void {
  if (overwrite) renameSync(draft, path)
  else {
    linkSync(draft, path)
    rmSync(draft)
  }
  flush(dirname(path))
}

/** Moves a database away with what belongs to it, so that nothing of it is taken for the next. */
export function moveAside(path: string, to: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, to + suffix)
  }
}

/** Whether two paths lead to one file. */
export function isSameFile(path: string, other: string): boolean {
  const [left, right] = [path, other].map((each) => statSync(each, { throwIfNoEntry: false }))
  return left !== undefined && left.ino === right?.ino && left.dev === right?.dev
}

/**
 * Whether another process has the database open: it then holds a lock for as long. Nobody can
 * tell of a file that SQLite cannot read.
 */
export function isInUse(path: string): boolean {
  const connection = new Sqlite(path, { fileMustExist: true, timeout: 0 })
  try {
    connection.pragma('locking_mode = EXCLUSIVE')
    connection.exec('BEGIN EXCLUSIVE; ROLLBACK')
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
  } finally {
    connection.close()
  }
}

/** SQLite does not wait until the copy is on the disk, nor does the system for a name. */
function flush(path: string) {
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
