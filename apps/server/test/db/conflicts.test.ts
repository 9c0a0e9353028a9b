import { eq, sql } from 'drizzle-orm'
import pg from 'pg'
import t, { type Test } from 'tap'
import { isUnavailable } from '../../src/db/errors.ts'
import type { Queries, Store } from '../../src/db/store.ts'
import { createUsersRepository } from '../../src/features/users/repository.ts'
import { createDatabase, databaseNames } from '../support/databases.ts'
import { failureOf, newUser, openOn } from './stores.ts'

if (databaseNames.includes('postgres')) {
  await t.test('two writes that wait for each other both land', async (t) => {
    const { store, lock, raise, versions } = await createStage(t)
    const meet = createMeeting(2)
    let runs = 0
    const write = (first: string, second: string) =>
      store.write(async (tx) => {
        runs += 1
        await lock(tx, first)
        await meet()
        await raise(tx, second)
        await raise(tx, first)
      })
    await Promise.all([write('alice', 'bob'), write('bob', 'alice')])
    t.same(await versions(), [3, 3], 'each was raised by both')
    t.equal(runs, 3, 'one had to begin anew')
  })

  await t.test('two writes that read the same before they change it miss nothing', async (t) => {
    const isolation = 'default_transaction_isolation = serializable'
    const { store, raise, find, versions } = await createStage(t, isolation)
    const meet = createMeeting(2)
    const write = () =>
      store.write(async (tx) => {
        const row = await find(tx, 'alice')
        await meet()
        await raise(tx, 'alice', (row?.version ?? 0) + 1)
      })
    await Promise.all([write(), write()])
    t.same(await versions(), [3, 1])
  })

  await t.test('a conflict that does not end is unavailable, after a few attempts', async (t) => {
    const { store, admin, raise, versions } = await createStage(t)
    await admin.query(
      "CREATE FUNCTION conflict() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$",
    )
    let runs = 0
    const writing = store.write(async (tx) => {
      runs += 1
      await raise(tx, 'bob')
      await tx.select({ value: sql`conflict()` }).from(sql`(SELECT 1) AS one`)
    })
    t.ok(isUnavailable(await failureOf(writing)))
    t.equal(runs, 5)
    t.same(await versions(), [1, 1])
  })

  await t.test('what fails for another reason is not tried again', async (t) => {
    const { store } = await createStage(t)
    let runs = 0
    const writing = store.write(async (tx) => {
      runs += 1
      await tx.insert(store.tables.users).values(newUser('alice'))
    })
    await t.rejects(writing)
    t.equal(runs, 1)
  })
}

/** Two accounts on a database of its own, with a setting in force. */
async function createStage(t: Test, setting = 'application_name = rollcall') {
  const databaseUrl = await createDatabase(t, 'postgres')
  const admin = new pg.Client({ connectionString: databaseUrl })
  await admin.connect()
  t.teardown(() => admin.end())
  await admin.query(`ALTER DATABASE ${new URL(databaseUrl).pathname.slice(1)} SET ${setting}`)
  const store = await openOn(t, databaseUrl)
  await store.write((tx) =>
    tx.insert(store.tables.users).values([newUser('alice'), newUser('bob')]),
  )
  return { store, admin, ...createMoves(store) }
}

function createMoves({ read, tables }: Store) {
  const { users } = tables
  const repository = createUsersRepository(tables)
  const find = (queries: Queries, name: string) => repository.findByLogin(queries, name)
  return {
    find,
    lock: async (tx: Queries, name: string) =>
      repository.lock(tx, (await find(tx, name))?.id ?? ''),
    raise: (tx: Queries, name: string, version: unknown = sql`${users.version} + 1`) =>
      tx
        .update(users)
        .set({ version: version as number })
        .where(eq(users.username, name)),
    versions: async () =>
      (await read.select().from(users).orderBy(users.username)).map(({ version }) => version),
  }
}

/** Lets nobody go on before so many have come; who comes later goes on at once. */
function createMeeting(size: number) {
  const { promise, resolve } = Promise.withResolvers<void>()
  let present = 0
  return () => {
    present += 1
    if (present === size) resolve()
    return promise
  }
}
