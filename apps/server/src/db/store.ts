import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import type { Dialect } from './dialect.ts'
import type { Inspection } from './inspection.ts'
import { openPostgres } from './store.postgres.ts'
import { openSqlite } from './store.sqlite.ts'
import type { Tables } from './tables.ts'
import type { OnCommit } from './write-queue.ts'

/** The query builders of either dialect: SQLite's types serve for both. */
export type Queries = BaseSQLiteDatabase<'async', unknown>

/** The database, whichever it is. */
export interface Store {
  readonly dialect: Dialect
  readonly tables: Tables
  /** Outside any transaction; never writes. */
  readonly read: Queries
  /** One transaction. Inside it only `tx` is awaited; it commits when `work` resolves. */
  write<T>(work: (tx: Queries) => Promise<T>): Promise<T>
  /** What the database says of itself, for the operator. */
  inspect(): Promise<Inspection>
  /** Throws unless the database answers. */
  check(): Promise<void>
  /** The names of the migrations that are not applied yet. */
  pendingMigrations(): Promise<string[]>
  /** Applies them under a lock, so that of two starters one migrates; answers their names. */
  migrate(now: () => string): Promise<string[]>
  close(): Promise<void>
}

/** Opens `file:path/to.db` or `postgres://...`; on SQLite `onCommit` is told of every group. */
export async function openStore(url: string, onCommit?: OnCommit): Promise<Store> {
  if (/^postgres(ql)?:/.test(url)) return openPostgres(url)
  return openSqlite(url.replace(/^file:/, ''), onCommit)
}
