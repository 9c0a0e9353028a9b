import type { Database } from 'better-sqlite3'
import type pg from 'pg'

/** A thorough look reads the whole file of SQLite, which holds everybody else up meanwhile. */
export type InspectionDepth = 'thorough' | 'quick'

/** What a database says of itself. */
export interface Inspection {
  readonly name: 'SQLite' | 'PostgreSQL'
  /** Numbers that compare from left to right. */
  readonly version: readonly number[]
  /** The settings in force that a commit's durability and the rows' integrity hang on. */
  readonly settings: Readonly<Record<string, string>>
  /** What a thorough check of the file finds; PostgreSQL is not checked. */
  readonly damage: readonly string[]
  /** The extensions of PostgreSQL. */
  readonly extensions: readonly string[]
  /** The clock of the database's own machine. */
  readonly now?: string
  /** How many processes of Rollcall use it, this one included. */
  readonly processes: number
}

/** The connection's own settings are those of every server: they are set when it is opened. */
export function inspectSqlite(
  writer: Database,
  reader: Database,
  depth: InspectionDepth,
): Inspection {
  const [{ version }] = reader.prepare('SELECT sqlite_version() AS version').all() as [
    { version: string },
  ]
  const settings = ['journal_mode', 'synchronous', 'foreign_keys'].map((name) => [
    name,
    String(writer.pragma(name, { simple: true })),
  ])
  return {
    name: 'SQLite',
    version: version.split('.').map(Number),
    settings: Object.fromEntries(settings),
    damage: depth === 'thorough' ? damageOf(reader) : [],
    extensions: [],
    processes: 1,
  }
}

function damageOf(reader: Database): string[] {
  const check = reader.pragma('quick_check(10)') as { quick_check: string }[]
  return check.map((row) => row.quick_check).filter((line) => line !== 'ok')
}

/** Told apart in `pg_stat_activity`, however many connections a process has. */
export const applicationPrefix = 'rollcall'

export async function inspectPostgres(pool: pg.Pool): Promise<Inspection> {
  const { rows: settings } = await pool.query<{ name: string; setting: string }>(
    "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')",
  )
  const { rows: extensions } = await pool.query<{ extname: string }>(
    'SELECT extname FROM pg_extension',
  )
  const { rows } = await pool.query<{ version: string; now: Date; processes: number }>(
    `SELECT current_setting('server_version_num') AS version, clock_timestamp() AS now,
      (SELECT count(DISTINCT application_name)::int FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE '${applicationPrefix} %') AS processes`,
  )
  const [facts] = rows
  if (!facts) throw new Error('The database has told nothing of itself')
  return {
    name: 'PostgreSQL',
    version: [Math.floor(Number(facts.version) / 10_000), Number(facts.version) % 10_000],
    settings: Object.fromEntries(settings.map(({ name, setting }) => [name, setting])),
    damage: [],
    extensions: extensions.map(({ extname }) => extname),
    now: facts.now.toISOString(),
    processes: facts.processes,
  }
}
