import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { get, type SignedIn, signIn } from '../api.ts'
import { createPostgresDatabase, createSqliteDatabase } from '../database.ts'
import { runCommand, startServer, type Workspace } from '../processes.ts'
import { seed, seededPassword } from '../seed/seed.ts'
import { formatTable } from '../table.ts'
import { type List, listsFor, type Sample } from './lists.ts'
import { measureList, type Timing } from './time-list.ts'

export interface ScaleOptions {
  readonly database?: string
  readonly seconds: number
  readonly users: number
  readonly only?: string
  readonly keep?: string
}

/** A list takes no longer than this, however many users there are. */
const limitMs = 20

/** Times every list on SQLite, and on PostgreSQL when a server is given. */
export async function measureScale(options: ScaleOptions) {
  const { users } = options
  const sqlite = await onSqlite(options, (workspace) => timeLists(workspace, options))
  const postgres = options.database
    ? await onPostgres(options.database, options, (workspace) => timeLists(workspace, options))
    : []
  for (const [database, rows] of Object.entries({ SQLite: sqlite, PostgreSQL: postgres })) {
    if (rows.length > 0) process.stdout.write(`${toText(database, users, rows)}\n\n`)
  }
  const rows = [...sqlite, ...postgres]
  return { users, limitMs, sqlite, postgres, isValid: rows.every(({ failed }) => failed === 0) }
}

interface Row extends Timing {
  readonly name: string
}

async function onSqlite<T>(options: ScaleOptions, work: (workspace: Workspace) => Promise<T>) {
  if (options.keep) return onKeptFile(resolve(options.keep), options.users, work)
  const database = await createSqliteDatabase()
  try {
    return await work(await prepare(database.url, options.users))
  } finally {
    await database.drop()
  }
}

async function onKeptFile<T>(
  folder: string,
  users: number,
  work: (workspace: Workspace) => Promise<T>,
) {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `rollcall-${users}.db`)
  return work(existsSync(path) ? workspaceOf(`file:${path}`) : await prepare(`file:${path}`, users))
}

async function onPostgres<T>(
  serverUrl: string,
  { users }: ScaleOptions,
  work: (workspace: Workspace) => Promise<T>,
) {
  const database = await createPostgresDatabase(serverUrl)
  try {
    return await work(await prepare(database.url, users))
  } finally {
    await database.drop()
  }
}

async function prepare(databaseUrl: string, users: number): Promise<Workspace> {
  const workspace = workspaceOf(databaseUrl)
  await runCommand(workspace, ['migrate'])
  const startedAt = performance.now()
  await seed(databaseUrl, users, new Date())
  const seconds = (performance.now() - startedAt) / 1_000
  process.stderr.write(`${users} users made in ${seconds.toFixed(0)} s\n`)
  const account = ['--username', 'operator', '--email', 'operator@operations.example']
  await runCommand(workspace, ['create-superuser', ...account, '--password-stdin'], seededPassword)
  return workspace
}

function workspaceOf(databaseUrl: string): Workspace {
  return { databaseUrl, secret: 'a secret that only benchmarks use' }
}

async function timeLists(workspace: Workspace, options: ScaleOptions): Promise<Row[]> {
  const server = await startServer(workspace)
  try {
    const operator = await signIn(server.url, 'operator', seededPassword)
    const lists = listsFor(await findSample(server.url, operator))
    const rows: Row[] = []
    for (const list of lists.filter(({ name }) => name.includes(options.only ?? ''))) {
      rows.push(await timeList(server.url, operator, list, options.seconds))
    }
    return rows
  } finally {
    await server.stop()
  }
}

async function timeList(
  url: string,
  operator: SignedIn,
  list: List,
  seconds: number,
): Promise<Row> {
  const timing = await measureList(`${url}/api/users/`, operator.access, list, seconds)
  return { name: list.name, ...timing }
}

/** Somebody who joined half of the time ago. */
async function findSample(url: string, operator: SignedIn): Promise<Sample> {
  const halfWay = new Date(Date.now() - 913 * 86_400_000).toISOString()
  const query = new URLSearchParams({ date_joined_before: halfWay, limit: '50' })
  const page = (await get(`${url}/api/users/?${query}`, operator.access)) as { results: Sample[] }
  const sample = page.results.find(({ phone_number }) => phone_number)
  if (!sample) throw new Error('Nobody has a phone number')
  return sample
}

function toText(database: string, users: number, rows: readonly Row[]): string {
  const slow = rows.filter(({ p50Ms }) => p50Ms > limitMs).length
  const table = formatTable(
    [`${database}, ${users} users`, 'p50 ms', 'worst ms', 'found', `over ${limitMs} ms`],
    rows.map(({ name, p50Ms, worstMs, found, failed }) => [
      name,
      p50Ms.toFixed(1),
      worstMs.toFixed(1),
      String(found),
      failed > 0 ? 'FAILED' : p50Ms > limitMs ? 'over' : '',
    ]),
  )
  return `${table}\n${rows.length - slow} of ${rows.length} lists within ${limitMs} ms`
}
