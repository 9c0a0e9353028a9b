import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { sha256 } from '../../src/crypto.ts'
import { readMigrations } from '../../src/db/migrate.ts'
import { openStore } from '../../src/db/store.ts'

export type DatabaseName = 'sqlite' | 'postgres'

const postgresUrl = process.env.ROLLCALL_TEST_POSTGRES_URL

/** The databases that tests run on here. */
export const databaseNames: readonly DatabaseName[] = postgresUrl
  ? ['sqlite', 'postgres']
  : ['sqlite']

/** Runs the same tests on every database; one that is not there is named as not run. */
export async function onEachDatabase(
  work: (t: Test, database: DatabaseName) => Promise<void>,
): Promise<void> {
  for (const database of databaseNames) await t.test(database, (t) => work(t, database))
}

/** Notes what could not be tested here; the launcher prints it at the end. */
export function notRun(what: string) {
  const file = process.env.ROLLCALL_TEST_NOT_RUN_FILE
  if (file) appendFileSync(file, `${what}\n`)
}

/** A database of the test's own, empty or migrated, gone with the test. */
export function createDatabase(
  t: Test,
  database: DatabaseName,
  { migrated = true } = {},
): Promise<string> {
  return database === 'sqlite' ? createSqlite(t) : createPostgres(t, migrated)
}

async function createSqlite(t: Test): Promise<string> {
  return `file:${join(temporaryFolder(t), 'rollcall.db')}`
}

/** A folder of the test's own, gone with the test. */
export function temporaryFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-test-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Copied from a migrated template, since that takes less time than migrating. */
async function createPostgres(t: Test, migrated: boolean): Promise<string> {
  const name = `rollcall_test_${randomBytes(6).toString('hex')}`
  await asAdmin(async (admin) => {
    const template = migrated ? await ensureTemplate(admin) : 'template0'
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)
  })
  t.teardown(() => asAdmin((admin) => admin.query(`DROP DATABASE ${name} WITH (FORCE)`)))
  return urlOf(name)
}

async function ensureTemplate(admin: pg.Client): Promise<string> {
  const migrations = readMigrations('postgres')
  const name = `rollcall_template_${sha256(JSON.stringify(migrations)).slice(0, 12)}`
  await admin.query('SELECT pg_advisory_lock(7265552)')
  try {
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
    if (rowCount === 0) await createTemplate(admin, name)
  } finally {
    await admin.query('SELECT pg_advisory_unlock(7265552)')
  }
  return name
}

/** Named only when complete, so that a killed run leaves no half template. */
async function createTemplate(admin: pg.Client, name: string) {
  await admin.query(`DROP DATABASE IF EXISTS ${name}_new`)
  await admin.query(`CREATE DATABASE ${name}_new TEMPLATE template0`)
  const store = await openStore(urlOf(`${name}_new`))
  await store.migrate(() => new Date().toISOString())
  await store.close()
  await admin.query(`ALTER DATABASE ${name}_new RENAME TO ${name}`)
}

function urlOf(name: string): string {
  const url = new URL(postgresUrl ?? '')
  url.pathname = `/${name}`
  return url.href
}

async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: postgresUrl })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}
