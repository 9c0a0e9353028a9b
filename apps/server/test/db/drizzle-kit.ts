import { readdirSync, readFileSync } from 'node:fs'
import {
  generateDrizzleJson,
  generateMigration,
  generateSQLiteDrizzleJson,
  generateSQLiteMigration,
} from 'drizzle-kit/api'
import * as postgresSchema from '../../src/db/schema.postgres.ts'
import * as sqliteSchema from '../../src/db/schema.sqlite.ts'
import type { DatabaseName } from '../support/databases.ts'

/** The tables of a dialect, as drizzle-kit describes them. */
export interface Snapshot {
  readonly id: string
  readonly tables: Record<string, { readonly columns: Record<string, { notNull: boolean }> }>
}

/** What the newest migration of a dialect has led to. */
export function migratedSnapshot(database: DatabaseName): Snapshot {
  const folder = new URL(`../../migrations/${database}/meta/`, import.meta.url)
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('_snapshot.json'))
    .toSorted()
    .at(-1)
  return JSON.parse(readFileSync(new URL(newest ?? '', folder), 'utf8'))
}

/** What tables.ts says. */
export async function definedSnapshot(database: DatabaseName): Promise<Snapshot> {
  return database === 'sqlite'
    ? generateSQLiteDrizzleJson(sqliteSchema)
    : generateDrizzleJson(postgresSchema)
}

/** The statements that drizzle-kit would write into the next migration. */
export function statementsBetween(
  database: DatabaseName,
  from: Snapshot,
  to: Snapshot,
): Promise<string[]> {
  const generate = database === 'sqlite' ? generateSQLiteMigration : generateMigration
  return generate(from as never, to as never)
}
