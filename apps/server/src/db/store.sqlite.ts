import { realpathSync } from 'node:fs'
import Sqlite, { type Database } from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { retryWhileLocked } from './busy.ts'
import { explain, prepareFile, refuseDamaged } from './database-file.ts'
import { sqliteDialect } from './dialect.ts'
import { inspectSqlite } from './inspection.ts'
import {
  type Migration,
  type MigrationTarget,
  migrate,
  pendingMigrations,
  readMigrations,
} from './migrate.ts'
import * as tables from './schema.sqlite.ts'
import type { Queries, Store, StoreOptions } from './store.ts'
import { createWriteQueue } from './write-queue.ts'

/** Opens the file, made when missing, with one connection that writes and one that reads. */
export async function openSqlite(path: string, options: StoreOptions): Promise<Store> {
  const { migrations = readMigrations('sqlite'), lockTimeoutMs = 4_500 } = options
  if (options.refuseDamaged) refuseDamaged(path)
  const { writer, reader } = await openConnections(path, { ...options, lockTimeoutMs })
  if (options.refuseDamaged) writeBackLog(writer)
  const read = queriesOf(reader)
  const queue = createWriteQueue(writer, queriesOf(writer), {
    ...options,
    lockTimeoutMs,
    startSyncs: async () => {
      const { startSyncThread } = await import('./sync-thread.ts')
      return startSyncThread(realpathSync(path))
    },
    onStart: () => {
      writer.pragma('synchronous = NORMAL')
      writer.pragma('wal_autocheckpoint = 0')
    },
    onLost: endProcess,
  })
  const target = migrationTarget(writer)

  return {
    dialect: sqliteDialect,
    tables,
    read,
    replica: read,
    write: queue.write,
    inspect: async (depth = 'thorough') => {
      const { settings, ...inspection } = inspectSqlite(writer, reader, depth)
      // Another thread syncs as much before anybody hears of a commit.
      const synced = queue.leavesSyncs() ? { ...settings, synchronous: '2' } : settings
      return { ...inspection, settings: synced }
    },
    check: async () => {
      queue.check()
      reader.prepare('SELECT 1').get()
    },
    pendingMigrations: async () =>
      pendingMigrations(migrations, await target.applied()).map(({ name }) => name),
    migrate: (now) => migrateLocked(writer, () => migrate(target, migrations, now)),
    close: async () => {
      await queue.close()
      reader.close()
      optimize(writer)
      writer.close()
    },
  }
}

async function openConnections(
  path: string,
  { lockTimeoutMs, isNew = false }: StoreOptions & { lockTimeoutMs: number },
) {
  // SQLite gives its -wal and -shm files the mode of the database file.
  prepareFile(path, { isNew })
  try {
    return { writer: await openWriter(path, lockTimeoutMs), reader: openReader(path) }
  } catch (error) {
    throw explain(path, error)
  }
}

async function openWriter(path: string, lockTimeoutMs: number): Promise<Database> {
  const writer = new Sqlite(path, { timeout: 0 })
  // Another process may be making the database at this moment.
  await retryWhileLocked(() => writer.pragma('journal_mode = WAL'), lockTimeoutMs)
  // better-sqlite3 is built for WAL at NORMAL, which loses acknowledged writes in a power cut.
  writer.pragma('synchronous = FULL')
  writer.pragma('foreign_keys = ON')
  // One who reads for long lets the log grow; written back, it would keep its size.
  writer.pragma(`journal_size_limit = ${longestLogBytes}`)
  return writer
}

const longestLogBytes = 32 * 1_024 * 1_024

/** What was committed is seen by all and may not be on the disk: later commits would be lost with it. */
function endProcess(error: Error) {
  queueMicrotask(() => {
    throw error
  })
}

function openReader(path: string): Database {
  const reader = new Sqlite(path, { readonly: true, timeout: 1_000 })
  reader.pragma('query_only = ON')
  // Sorting some thousands of rows takes half as long with more than SQLite's 2 MB.
  reader.pragma('cache_size = -16384')
  return reader
}

/** Builders of the synchronous driver are awaited like all others; only their type says `sync`. */
function queriesOf(connection: Database): Queries {
  return drizzle(connection) as unknown as Queries
}

/** What a crash has left of the log may never have reached the disk; nothing is built on it. */
function writeBackLog(writer: Database) {
  try {
    writer.pragma('wal_checkpoint(TRUNCATE)')
  } catch {
    // On a full disk there is nothing to build.
  }
}

/** Renews what the query planner knows of the tables; it can wait when another process writes. */
function optimize(writer: Database) {
  try {
    writer.pragma('optimize')
  } catch {
    // The next one that closes will do it.
  }
}

/** The longest that another starter may take to migrate. */
const migrationTimeoutMs = 600_000

/** The write lock of the file keeps other starters out; they find nothing left to do. */
async function migrateLocked(writer: Database, work: () => Promise<string[]>): Promise<string[]> {
  // A table is rebuilt by dropping it, which would delete the rows that refer to it.
  writer.pragma('foreign_keys = OFF')
  // The new table takes the name of the old one, which the triggers of others may look at.
  writer.pragma('legacy_alter_table = ON')
  try {
    await retryWhileLocked(() => writer.exec('BEGIN IMMEDIATE'), migrationTimeoutMs)
    const applied = await work()
    if (applied.length > 0) refuseBrokenReferences(writer)
    writer.exec('COMMIT')
    return applied
  } catch (error) {
    if (writer.inTransaction) writer.exec('ROLLBACK')
    throw error
  } finally {
    writer.pragma('legacy_alter_table = OFF')
    writer.pragma('foreign_keys = ON')
  }
}

function refuseBrokenReferences(writer: Database) {
  const broken = writer.pragma('foreign_key_check') as unknown[]
  if (broken.length > 0) {
    throw new Error(`A migration would leave ${broken.length} rows that refer to nothing.`)
  }
}

function migrationTarget(writer: Database): MigrationTarget {
  return {
    async applied() {
      const exists = writer.prepare("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").get()
      if (!exists) return []
      return writer.prepare('SELECT name, checksum FROM migrations ORDER BY name').all() as {
        name: string
        checksum: string
      }[]
    },
    async apply(migration: Migration, appliedAt: string) {
      writer.exec(createMigrationsTable)
      const triggers = triggersOf(writer)
      for (const statement of migration.statements) writer.exec(statement)
      refuseLostTriggers(migration, triggers, triggersOf(writer))
      writer
        .prepare('INSERT INTO migrations (name, checksum, applied_at) VALUES (?, ?, ?)')
        .run(migration.name, migration.checksum, appliedAt)
    },
  }
}

function triggersOf(writer: Database): string[] {
  return writer
    .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid")
    .pluck()
    .all()
}

/** drizzle-kit rebuilds a table without its triggers, which it does not know. */
function refuseLostTriggers(
  { name, statements }: Migration,
  before: readonly string[],
  after: readonly string[],
) {
  const lost = before.find((trigger) => {
    const isDropped = statements.some((text) => text.includes(`DROP TRIGGER ${trigger}`))
    return !after.includes(trigger) && !isDropped
  })
  if (lost === undefined) return
  throw new Error(
    `The migration ${name} loses the trigger ${lost} with its table. Create it again at the end of the migration.`,
  )
}

const createMigrationsTable = `CREATE TABLE IF NOT EXISTS migrations (
  name text PRIMARY KEY NOT NULL, checksum text NOT NULL, applied_at text NOT NULL)`
