import { randomUUID } from 'node:crypto'
import { readMigrations } from '@rollcall/server/src/db/migrate.ts'
import { openStore } from '@rollcall/server/src/db/store.ts'
import Database from 'better-sqlite3'
import pg from 'pg'
import { makePeople } from '../seed/people.ts'

const peopleCount = 200

/** A database as the first version has left it, with people in it who are signed in. */
export async function makeOldDatabase(databaseUrl: string): Promise<void> {
  const isSqlite = databaseUrl.startsWith('file:')
  const [first] = readMigrations(isSqlite ? 'sqlite' : 'postgres')
  const store = await openStore(databaseUrl, { migrations: first ? [first] : [] })
  await store.migrate(() => new Date().toISOString())
  await store.close()
  if (isSqlite) fillSqlite(databaseUrl.slice('file:'.length))
  else await fillPostgres(databaseUrl)
}

function fillSqlite(path: string) {
  const database = new Database(path)
  const columns = database.pragma('table_info(users)') as { name: string }[]
  const insert = (table: string, row: Row) => {
    const { names, marks, values } = toInsert(row, () => '?')
    const plain = values.map((value) => (typeof value === 'boolean' ? Number(value) : value))
    database.prepare(`INSERT INTO ${table} (${names}) VALUES (${marks})`).run(plain)
  }
  for (const [table, row] of rowsOf(columns.map(({ name }) => name))) insert(table, row)
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}

async function fillPostgres(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows: columns } = await client.query<{ name: string }>(
    "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'users'",
  )
  for (const [table, row] of rowsOf(columns.map(({ name }) => name))) {
    const { names, marks, values } = toInsert(row, (position) => `$${position + 1}`)
    await client.query(`INSERT INTO ${table} (${names}) VALUES (${marks})`, values)
  }
  await client.end()
}

type Row = Readonly<Record<string, unknown>>

/** Only the columns that there were then. */
function* rowsOf(columns: readonly string[]): Generator<[table: string, row: Row]> {
  const until = new Date()
  for (const person of makePeople({ count: peopleCount, passwordHash: '!', until })) {
    const known = Object.entries(person).filter(([name]) => columns.includes(name))
    yield ['users', Object.fromEntries(known)]
    yield ['sessions', sessionOf(person.id, until.toISOString())]
  }
}

function sessionOf(userId: string, now: string): Row {
  const times = { created_at: now, last_used_at: now, expires_at: now }
  return { id: randomUUID(), user_id: userId, generation: 0, ip: '127.0.0.1', ...times }
}

function toInsert(row: Row, markOf: (position: number) => string) {
  const names = Object.keys(row)
  return {
    names: names.join(', '),
    marks: names.map((_name, position) => markOf(position)).join(', '),
    values: Object.values(row),
  }
}
