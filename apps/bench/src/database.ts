import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { atExit } from './at-exit.ts'

/** A database of the benchmark's own. */
export interface TemporaryDatabase {
  readonly url: string
  drop(): Promise<void>
}

export async function createSqliteDatabase(): Promise<TemporaryDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
  const remove = atExit(() => rmSync(folder, { recursive: true, force: true }))
  return { url: `file:${join(folder, 'rollcall.db')}`, drop: async () => remove() }
}

/** Makes an empty database, or a copy of another, on the server that the URL names. */
export async function createPostgresDatabase(
  serverUrl: string,
  template = 'template0',
): Promise<TemporaryDatabase> {
  const name = `rollcall_bench_${randomBytes(6).toString('hex')}`
  await run(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => run(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) }
}

async function run(serverUrl: string, statement: string) {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
