import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
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
import type { Queries, Store } from './store.ts'
import { createWriteQueue, type OnCommit } from './write-queue.ts'

/** Opens the file, made when missing, with one connection that writes and one that reads. */
export function openSqlite(path: string, onCommit: OnCommit = () => {}): Store {
  const writer = openWriter(path)
  const reader = openReader(path)
  const queue = createWriteQueue(writer, queriesOf(writer), onCommit)
  const migrations = readMigrations('sqlite')
  const target = migrationTarget(writer)

  return {
    dialect: sqliteDialect,
    tables,
    read: queriesOf(reader),
    write: queue.write,
    inspect: async () => inspectSqlite(writer, reader),
    check: async () => {
      reader.prepare('SELECT 1').get()
    },
    pendingMigrations: async () =>
      pendingMigrations(migrations, await target.applied()).map(({ name }) => name),
    migrate: (now) => migrateLocked(writer, () => migrate(target, migrations, now)),
    close: async () => {
      await queue.idle()
      reader.close()
      writer.pragma('optimize')
      writer.close()
    },
  }
}

function openWriter(path: string): Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  // SQLite gives its -wal and -shm files the mode of the database file.
  closeSync(openSync(path, 'a', 0o600))
  chmodSync(path, 0o600)
  const writer = new Sqlite(path, { timeout: 0 })
  writer.pragma('journal_mode = WAL')
  // better-sqlite3 is built for WAL at NORMAL, which loses acknowledged writes in a power cut.
  writer.pragma('synchronous = FULL')
  writer.pragma('foreign_keys = ON')
  return writer
}

function openReader(path: string): Database {
  const reader = new Sqlite(path, { readonly: true, timeout: 1_000 })
  reader.pragma('query_only = ON')
  return reader
}

/** Builders of the synchronous driver are awaited like all others; only their type says `sync`. */
function queriesOf(connection: Database): Queries {
  return drizzle(connection) as unknown as Queries
}

/** The write lock of the file keeps other starters out; they find nothing left to do. */
async function migrateLocked<T>(writer: Database, work: () => Promise<T>): Promise<T> {
  writer.pragma('busy_timeout = 60000')
  // A table is rebuilt by dropping it, which would delete the rows that refer to it.
  writer.pragma('foreign_keys = OFF')
  try {
    writer.exec('BEGIN IMMEDIATE')
    const result = await work()
    refuseBrokenReferences(writer)
    writer.exec('COMMIT')
    return result
  } catch (error) {
    if (writer.inTransaction) writer.exec('ROLLBACK')
    throw error
  } finally {
    writer.pragma('foreign_keys = ON')
    writer.pragma('busy_timeout = 0')
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
      for (const statement of migration.statements) writer.exec(statement)
      writer
        .prepare('INSERT INTO migrations (name, checksum, applied_at) VALUES (?, ?, ?)')
        .run(migration.name, migration.checksum, appliedAt)
    },
  }
}

const createMigrationsTable = `CREATE TABLE IF NOT EXISTS migrations (
  name text PRIMARY KEY NOT NULL, checksum text NOT NULL, applied_at text NOT NULL)`
