import { readFileSync } from 'node:fs'
import { sha256 } from '../crypto.ts'

/** One migration, as drizzle-kit wrote it. */
export interface Migration {
  readonly name: string
  readonly checksum: string
  readonly statements: readonly string[]
}

/** What a database must offer to be migrated; each dialect locks and commits in its own way. */
export interface MigrationTarget {
  /** Names and checksums of what was applied, oldest first; none on an empty database. */
  applied(): Promise<{ name: string; checksum: string }[]>
  /** Applies one migration and notes it, wholly or not at all. */
  apply(migration: Migration, appliedAt: string): Promise<void>
}

/** Reads the migrations of a dialect, oldest first. */
export function readMigrations(dialect: 'sqlite' | 'postgres'): Migration[] {
  const folder = new URL(`../../migrations/${dialect}/`, import.meta.url)
  const journal = JSON.parse(readFileSync(new URL('meta/_journal.json', folder), 'utf8')) as {
    entries: { tag: string }[]
  }
  return journal.entries.map(({ tag }) => readMigration(folder, tag))
}

function readMigration(folder: URL, name: string): Migration {
  const text = readFileSync(new URL(`${name}.sql`, folder), 'utf8')
  return {
    name,
    checksum: sha256(text),
    statements: text.split('--> statement-breakpoint'),
  }
}

/** Stands among the migrations of a database that is still being copied into. */
export const copyMark = '~copy'

/** No server may serve what is half there. */
export class UnfinishedCopyError extends Error {
  constructor() {
    super(
      'The database is the unfinished target of `rollcall db copy`. Run that again to its end, or delete the database.',
    )
  }
}

/**
 * Which migrations are still to come. Refuses a database that is newer than
 * this code, or that was migrated by a file that has changed since.
 */
export function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly { name: string; checksum: string }[],
): Migration[] {
  if (applied.some(({ name }) => name === copyMark)) throw new UnfinishedCopyError()
  for (const [position, row] of applied.entries()) {
    const migration = migrations[position]
    if (migration?.name !== row.name) {
      throw new Error(
        `The database holds the migration ${row.name}, which this version of Rollcall does not know. Start a newer version, or restore a backup.`,
      )
    }
    if (migration.checksum !== row.checksum) {
      throw new Error(
        `The migration ${row.name} has changed since it was applied. Put its file back as it was.`,
      )
    }
  }
  return migrations.slice(applied.length)
}

/** Applies what is pending, in order, and answers the names. The caller holds the lock. */
export async function migrate(
  target: MigrationTarget,
  migrations: readonly Migration[],
  now: () => string,
): Promise<string[]> {
  const pending = pendingMigrations(migrations, await target.applied())
  for (const migration of pending) await target.apply(migration, now())
  return pending.map(({ name }) => name)
}
