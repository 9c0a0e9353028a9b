import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { get, type SignedIn, signIn } from '../api.ts'
import { createPostgresDatabase, createSqliteDatabase } from '../database.ts'
import { runCommand, startServer, type Workspace } from '../processes.ts'
import type { FigureTable } from '../publish.ts'
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

/** What it is compared with. */
const fewUsers = 1_000

/** How many there are unless others are asked for. */
export const usualUsers = 1_000_000

/** How much longer anything may take than among few users. */
const mostTimes = 1.3

/** How long a list may take, however many users there are. */
const limitMs = 20

/** Times every list among few users and among many, on SQLite, and on PostgreSQL when a server is given. */
export async function measureScale(options: ScaleOptions) {
  const places: Place[] = [await measurePlace('SQLite', options, onSqlite)]
  const { database } = options
  if (database) {
    places.push(
      await measurePlace('PostgreSQL', options, (users, work) => onPostgres(database, users, work)),
    )
  }
  for (const place of places) process.stdout.write(`${toText(place, options.users)}\n\n`)
  const isValid = places.every(({ rows }) => rows.every(({ failed }) => failed === 0))
  return { users: options.users, limitMs, mostTimes, places, tables: places.map(toTable), isValid }
}

interface Timed extends Timing {
  readonly name: string
}

/** A list among many users, next to the same among few. */
interface Row extends Timed {
  readonly fewP50Ms: number
  readonly fewFound: number
}

/** How a database was filled. */
interface Filled {
  readonly workspace: Workspace
  readonly seconds: number | undefined
  readonly bytes: number
}

interface Place {
  readonly name: string
  readonly users: number
  readonly seconds: number | undefined
  readonly bytesPerUser: number
  readonly rows: readonly Row[]
}

type OnDatabase = <T>(
  users: number,
  work: (filled: Filled) => Promise<T>,
  keep?: string,
) => Promise<T>

async function measurePlace(name: string, options: ScaleOptions, on: OnDatabase): Promise<Place> {
  const few = await on(fewUsers, ({ workspace }) => timeLists(workspace, options))
  return on(
    options.users,
    async ({ workspace, seconds, bytes }) => {
      const many = await timeLists(workspace, options)
      const rows = many.map((row, index) => {
        const { p50Ms = Number.NaN, found = 0 } = few[index] ?? {}
        return { ...row, fewP50Ms: p50Ms, fewFound: found }
      })
      return { name, users: options.users, seconds, bytesPerUser: bytes / options.users, rows }
    },
    options.keep,
  )
}

async function onSqlite<T>(users: number, work: (filled: Filled) => Promise<T>, keep?: string) {
  if (keep) return onKeptFile(resolve(keep), users, work)
  const database = await createSqliteDatabase()
  try {
    return await work(await prepare(database.url, users))
  } finally {
    await database.drop()
  }
}

async function onKeptFile<T>(folder: string, users: number, work: (filled: Filled) => Promise<T>) {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `rollcall-${users}.db`)
  if (!existsSync(path)) return work(await prepare(`file:${path}`, users))
  const workspace = workspaceOf(`file:${path}`)
  return work({ workspace, seconds: undefined, bytes: statSync(path).size })
}

async function onPostgres<T>(
  serverUrl: string,
  users: number,
  work: (filled: Filled) => Promise<T>,
) {
  const database = await createPostgresDatabase(serverUrl)
  try {
    return await work(await prepare(database.url, users))
  } finally {
    await database.drop()
  }
}

async function prepare(databaseUrl: string, users: number): Promise<Filled> {
  const workspace = workspaceOf(databaseUrl)
  await runCommand(workspace, ['migrate'])
  const startedAt = performance.now()
  await seed(databaseUrl, users, new Date())
  const seconds = (performance.now() - startedAt) / 1_000
  const bytes = await readSize(databaseUrl)
  process.stderr.write(`${users} users made in ${seconds.toFixed(0)} s\n`)
  const account = ['--username', 'operator', '--email', 'operator@operations.example']
  await runCommand(workspace, ['create-superuser', ...account, '--password-stdin'], seededPassword)
  return { workspace, seconds, bytes }
}

/** In bytes, with every index. */
async function readSize(databaseUrl: string): Promise<number> {
  if (databaseUrl.startsWith('file:')) return statSync(databaseUrl.slice('file:'.length)).size
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query('SELECT pg_database_size(current_database()) AS bytes')
    return Number(rows[0].bytes)
  } finally {
    await client.end()
  }
}

function workspaceOf(databaseUrl: string): Workspace {
  return { databaseUrl, secret: 'a secret that only benchmarks use' }
}

async function timeLists(workspace: Workspace, options: ScaleOptions): Promise<Timed[]> {
  const server = await startServer(workspace)
  try {
    const operator = await signIn(server.url, 'operator', seededPassword)
    const lists = listsFor(await findSample(server.url, operator))
    const rows: Timed[] = []
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
): Promise<Timed> {
  const timing = await measureList(url, operator.access, list, seconds)
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

/** Only answers of the same size are compared: among few, less is found. */
function isComparable({ found, fewFound }: Row): boolean {
  return found === fewFound
}

function isSlower(row: Row): boolean {
  return isComparable(row) && row.p50Ms > row.fewP50Ms * mostTimes
}

function toText(place: Place, users: number): string {
  const table = formatTable(
    [`${place.name}, ${users} users`, ...heads, 'worst ms', ''],
    place.rows.map((row) => [
      row.name,
      ...cellsOf(row),
      row.worstMs.toFixed(1),
      row.failed > 0 ? 'FAILED' : row.p50Ms > limitMs ? `over ${limitMs} ms` : '',
    ]),
  )
  return [table, ...summarise(place)].join('\n')
}

const heads = [`p50 ms, ${fewUsers} users`, 'p50 ms', 'times', 'found']

function cellsOf(row: Row): string[] {
  const { p50Ms, fewP50Ms, found, fewFound } = row
  const times = isComparable(row) ? (p50Ms / fewP50Ms).toFixed(2) : ''
  const mark = (isMissed: boolean) => (isMissed ? ' (missed)' : '')
  return [
    fewP50Ms.toFixed(1),
    `${p50Ms.toFixed(1)}${mark(p50Ms > limitMs)}`,
    `${times}${mark(isSlower(row))}`,
    `${fewFound} / ${found}`,
  ]
}

function summarise({ users, seconds, bytesPerUser, rows }: Place): string[] {
  const comparable = rows.filter(isComparable)
  const within = comparable.length - comparable.filter(isSlower).length
  const quick = rows.filter(({ p50Ms }) => p50Ms <= limitMs).length
  const rate =
    seconds === undefined ? '' : `, ${(users / seconds).toFixed(0)} of them made a second`
  return [
    `${within} of the ${comparable.length} that answer as many accounts among ${fewUsers} take at most ${mostTimes} times as long among ${users}.`,
    `${quick} of all ${rows.length} take at most ${limitMs} ms.`,
    `${bytesPerUser.toFixed(0)} bytes a user with all indexes${rate}.`,
  ]
}

/** Those alone that are slower, and as a sample what is asked for most. */
function toTable(place: Place): FigureTable {
  const shown = place.rows.filter(
    (row) => isSlower(row) || row.p50Ms > limitMs || usual.includes(row.name),
  )
  return {
    id: place.users === usualUsers ? `scale-${place.name}` : `scale-${place.name}-${place.users}`,
    title: `Among ${place.users.toLocaleString('en')} users, ${place.name}`,
    notes: [...summarise(place), ...remarks],
    heads: ['What', ...heads],
    rows: shown.map((row) => [row.name, ...cellsOf(row)]),
  }
}

const remarks = [
  'The table has what is asked for most, and all that is over.',
  'What is missed: searches and counts that many match gather them before the first is answered, a rare filter by an ordering of its own walks past what does not match, and times of a few milliseconds vary by a third from run to run.',
]

const usual = ['one account', 'ordering -date_joined', 'ordering -date_joined, deep', 'count all']
