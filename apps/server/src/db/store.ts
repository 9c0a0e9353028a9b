import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import type { Dialect } from './dialect.ts'
import type { Inspection, InspectionDepth } from './inspection.ts'
import type { Migration } from './migrate.ts'
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
  /** The same from a replica, where there is one: a moment behind, and so for lists alone. */
  readonly replica: Queries
  /**
   * One transaction. Inside it only `tx` is awaited; it commits when `work` resolves. Of two that
   * get in each other's way on PostgreSQL one is run again from its beginning, so that `work`
   * changes nothing but the database.
   */
  write<T>(work: (tx: Queries) => Promise<T>): Promise<T>
  /** What the database says of itself, for the operator. */
  inspect(depth?: InspectionDepth): Promise<Inspection>
  /** Throws unless the database answers. */
  check(): Promise<void>
  /** The names of the migrations that are not applied yet. */
  pendingMigrations(): Promise<string[]>
  /** Applies them under a lock, so that of two starters one migrates; answers their names. */
  migrate(now: () => string): Promise<string[]>
  close(): Promise<void>
}

/** How a store is opened; the defaults are those of a server. */
export interface StoreOptions {
  /** Told of every group of writes that SQLite has committed together. */
  readonly onCommit?: OnCommit | undefined
  /** Looks at the whole file of SQLite first, and refuses to open it when it is damaged. */
  readonly refuseDamaged?: boolean
  /** How many connections to PostgreSQL there may be at a time. */
  readonly connections?: number
  /** Makes the file of SQLite even where something is left of an earlier one, such as its secret. */
  readonly isNew?: boolean
  /** A streaming replica of PostgreSQL. */
  readonly readUrl?: string | undefined
  /** Told when the replica was lost, and when it is back. */
  readonly onReplica?: (isThere: boolean) => void
  /** Others than the server's own; for tests. */
  readonly migrations?: readonly Migration[]
  /** Three commits of SQLite in a row that take longer move the syncs to a thread; 20 ms unless given. */
  readonly slowCommitMs?: number
  /** A write is given up when another connection holds what it needs for so long. */
  readonly lockTimeoutMs?: number
  /** PostgreSQL is given up when it has not answered a statement for so long, or sooner a connection. */
  readonly answerTimeoutMs?: number
}

/** Opens `file:path/to.db` or `postgres://...`; the driver of the other is not even loaded. */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  if (/^postgres(ql)?:/.test(url)) {
    const { openPostgres } = await import('./store.postgres.ts')
    return openPostgres(url, options)
  }
  const { openSqlite } = await import('./store.sqlite.ts')
  return openSqlite(url.replace(/^file:/, ''), options)
}
