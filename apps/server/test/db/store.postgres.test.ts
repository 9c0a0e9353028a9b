import { once } from 'node:events'
import { type AddressInfo, connect as connectTo, createServer, type Socket } from 'node:net'
import { type SQL, sql } from 'drizzle-orm'
import pg from 'pg'
import t, { type Test } from 'tap'
import { isUnavailable } from '../../src/db/errors.ts'
import type { Queries } from '../../src/db/store.ts'
import { createUsersRepository } from '../../src/features/users/repository.ts'
import { createDatabase, databaseNames } from '../support/databases.ts'
import { failureOf, instant, newUser, openOn } from './stores.ts'

if (databaseNames.includes('postgres')) {
  const databaseUrl = await createDatabase(t, 'postgres')
  const store = await openOn(t, databaseUrl, { lockTimeoutMs: 50 })
  await store.migrate(() => instant)
  const { users } = store.tables
  const repository = createUsersRepository(store.tables)
  const insert = (tx: Queries, name: string) => repository.insert(tx, newUser(name))
  const other = await connect(t, databaseUrl)

  async function pidOf(tx: Queries): Promise<number> {
    const [row] = await evaluate<number>(tx, sql`pg_backend_pid()`)
    return row?.value ?? 0
  }

  /** The builders of both dialects have no other way to evaluate an expression. */
  const evaluate = <T>(tx: Queries, expression: SQL) =>
    tx.select({ value: sql<T>`${expression}` }).from(sql`(SELECT 1) AS one`)

  const kill = (pid: number) => other.query('SELECT pg_terminate_backend($1, 5000)', [pid])

  async function untilActive(pid: number): Promise<void> {
    const { rows } = await other.query(
      "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'",
      [pid],
    )
    if (rows.length === 0) return untilActive(pid)
  }

  t.beforeEach(() => store.write((tx) => tx.delete(users)))

  await t.test('a connection lost within a write is unavailable, and leaves nothing', async (t) => {
    const writing = store.write(async (tx) => {
      await insert(tx, 'alice')
      await kill(await pidOf(tx))
      await insert(tx, 'bob')
    })
    t.ok(isUnavailable(await failureOf(writing)))
    t.equal(await store.read.$count(users), 0)
  })

  await t.test('a connection lost during a statement is unavailable', async (t) => {
    const writing = store.write(async (tx) => {
      await insert(tx, 'alice')
      const pid = await pidOf(tx)
      await Promise.all([evaluate(tx, sql`pg_sleep(60)`), untilActive(pid).then(() => kill(pid))])
    })
    t.ok(isUnavailable(await failureOf(writing)))
    t.equal(await store.read.$count(users), 0)
  })

  await t.test('after every connection was lost the pool reads and writes again', async (t) => {
    await store.write((tx) => insert(tx, 'alice'))
    await other.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
    const isBack = async () =>
      await store.check().then(
        () => true,
        () => false,
      )
    while (!(await isBack()));
    await store.write((tx) => insert(tx, 'bob'))
    t.equal(await store.read.$count(users), 2)
  })

  await t.test('a row that others keep locked is unavailable beyond the limit', async (t) => {
    const { id } = await store.write((tx) => insert(tx, 'alice'))
    await other.query('BEGIN')
    await other.query('UPDATE users SET version = 7 WHERE id = $1', [id])
    t.ok(isUnavailable(await failureOf(store.write((tx) => repository.lock(tx, id)))))
    await other.query('COMMIT')
    t.match(await store.write((tx) => repository.lock(tx, id)), { version: 7 })
  })

  await t.test('while writes wait, however many, reads are answered', async (t) => {
    const { id } = await store.write((tx) => insert(tx, 'alice'))
    const patient = await openOn(t, databaseUrl, { lockTimeoutMs: 2_000 })
    await other.query('BEGIN')
    await other.query('UPDATE users SET version = 7 WHERE id = $1', [id])
    let settled = 0
    const writes = Array.from({ length: 30 }, async () => {
      await failureOf(patient.write((tx) => repository.lock(tx, id)))
      settled += 1
    })
    for (let count = 0; count < 20; count += 1) await patient.read.$count(users)
    t.equal(settled, 0)
    await other.query('COMMIT')
    await Promise.all(writes)
  })

  await t.test(
    'a database that hangs is unavailable beyond the limit, and not for ever',
    async (t) => {
      await store.write((tx) => insert(tx, 'alice'))
      const road = await startRoad(t, databaseUrl)
      const distant = await openOn(t, road.url, { answerTimeoutMs: 200 })
      await distant.check()
      road.close()
      const failures = [
        distant.check(),
        distant.write((tx) => insert(tx, 'bob')),
        distant.write(async (tx) => {
          await insert(tx, 'carol')
        }),
      ].map(failureOf)
      t.ok((await Promise.all(failures)).every(isUnavailable))
      road.open()
      t.equal(await distant.read.$count(users), 1, 'on new connections')
    },
  )

  await t.test('a database that cannot be reached is unavailable', async (t) => {
    const absent = await openOn(t, 'postgres://127.0.0.1:1/rollcall')
    t.ok(isUnavailable(await failureOf(absent.check())))
  })
}

/** A way to the database that can be closed, so that what is sent arrives nowhere. */
async function startRoad(t: Test, databaseUrl: string) {
  const { hostname, port } = new URL(databaseUrl)
  const pairs: Socket[] = []
  let isOpen = true
  const road = createServer((near) => {
    const far = connectTo(Number(port || 5432), hostname)
    for (const socket of [near, far]) socket.on('error', () => {})
    near.on('data', (chunk) => isOpen && far.write(chunk))
    far.on('data', (chunk) => isOpen && near.write(chunk))
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    pairs.push(near, far)
  }).listen(0, '127.0.0.1')
  await once(road, 'listening')
  t.teardown(() => {
    for (const socket of pairs) socket.destroy()
    road.close()
  })
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${(road.address() as AddressInfo).port}`
  return {
    url: url.href,
    close: () => {
      isOpen = false
    },
    open: () => {
      isOpen = true
    },
  }
}

/** A connection that is none of the store's. */
async function connect(t: Test, connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  t.teardown(() => client.end())
  return client
}
