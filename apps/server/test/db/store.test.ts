import { asc, sql } from 'drizzle-orm'
import { openStore, type Queries } from '../../src/db/store.ts'
import { createUsersRepository } from '../../src/features/users/repository.ts'
import { createDatabase, onEachDatabase } from '../support/databases.ts'
import { createStore, instant, newUser } from './stores.ts'

await onEachDatabase(async (t, database) => {
  const store = await createStore(t, database)
  const { users } = store.tables
  const repository = createUsersRepository(store.tables)

  const insert = async (tx: Queries, name: string) =>
    (await repository.insert(tx, newUser(name))).username

  const names = async (queries = store.read) =>
    (await queries.select().from(users).orderBy(asc(users.username))).map((row) => row.username)

  t.beforeEach(() => store.write((tx) => tx.delete(users)))

  await t.test('what is written is there once `write` resolves', async (t) => {
    t.equal(await store.write((tx) => insert(tx, 'alice')), 'alice', 'and it answers the result')
    t.same(await names(), ['alice'])
  })

  await t.test('ASVS 2.3.3: a write that throws leaves nothing behind', async (t) => {
    const failure = new Error('on purpose')
    const writing = store.write(async (tx) => {
      await insert(tx, 'alice')
      await insert(tx, 'bob')
      throw failure
    })
    t.equal(await writing.catch((error) => error), failure, 'and its error is passed on')
    t.same(await names(), [])
  })

  await t.test('a write that fails leaves those that wait with it whole', async (t) => {
    const outcomes = await Promise.allSettled([
      store.write((tx) => insert(tx, 'alice')),
      store.write(async (tx) => {
        await insert(tx, 'mallory')
        throw new Error('on purpose')
      }),
      store.write((tx) => insert(tx, 'alice')),
      store.write((tx) => insert(tx, 'bob')),
    ])
    t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 2)
    t.equal(outcomes[1].status, 'rejected')
    t.same(await names(), ['alice', 'bob'])
  })

  await t.test('a write that has been acknowledged is read by others', async (t) => {
    await Promise.all(
      ['alice', 'bob', 'carol'].map(async (name) => {
        await store.write((tx) => insert(tx, name))
        t.ok((await names()).includes(name), name)
      }),
    )
  })

  await t.test('a write under way is read by itself alone', async (t) => {
    await store.write(async (tx) => {
      await insert(tx, 'alice')
      t.same(await names(tx), ['alice'])
      t.same(await names(), [])
    })
  })

  await t.test('50 writes at once all land', async (t) => {
    const expected = Array.from({ length: 50 }, (_, number) => `user${number + 10}`)
    await Promise.all(expected.map((name) => store.write((tx) => insert(tx, name))))
    t.same(await names(), expected)
  })

  await t.test('of 32 writers of one unique value at once one succeeds', async (t) => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 32 }, () => store.write((tx) => insert(tx, 'alice'))),
    )
    t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    t.same(await names(), ['alice'])
  })

  await t.test('a counter that 32 writers raise at once misses none of them', async (t) => {
    await store.write((tx) => insert(tx, 'alice'))
    const raise = (tx: Queries) =>
      tx
        .update(users)
        .set({ version: sql`${users.version} + 1` })
        .returning({ version: users.version })
    const rows = await Promise.all(Array.from({ length: 32 }, () => store.write(raise)))
    const versions = rows.flat().map(({ version }) => version)
    t.same(new Set(versions), new Set(Array.from({ length: 32 }, (_, before) => before + 2)))
  })

  await t.test('writers that take turns at a name do not overwrite each other', async (t) => {
    const { id } = await store.write((tx) => repository.insert(tx, newUser('alice')))
    const raise = async (tx: Queries) => {
      await store.dialect.takeTurns(tx, ['alice'])
      const row = await repository.findById(tx, id)
      await tx.update(users).set({ version: (row?.version ?? 0) + 1 })
    }
    await Promise.all(Array.from({ length: 16 }, () => store.write(raise)))
    t.match(await repository.findById(store.read, id), { version: 17 })
  })

  await t.test(
    'those who take turns at the same names in any order do not wait for ever',
    async (t) => {
      const turns = [
        ['one', 'two'],
        ['two', 'one'],
      ]
      await Promise.all(
        Array.from({ length: 16 }, (_, number) =>
          store.write((tx) => store.dialect.takeTurns(tx, turns[number % 2] ?? [])),
        ),
      )
      t.pass('all have had theirs')
    },
  )

  await t.test('reading never writes', async (t) => {
    await t.rejects(insert(store.read, 'mallory'))
    t.same(await names(), [])
  })

  await t.test('a write that ignored a failed statement is not half acknowledged', async (t) => {
    await store.write((tx) => insert(tx, 'alice'))
    const [outcome] = await Promise.allSettled([
      store.write(async (tx) => {
        await insert(tx, 'bob')
        await insert(tx, 'alice').catch(() => undefined)
      }),
    ])
    const isAcknowledged = outcome.status === 'fulfilled'
    t.equal((await names()).includes('bob'), isAcknowledged)
  })

  await t.test('`check` answers while the database does', async (t) => {
    await t.resolves(store.check())
  })
})

await onEachDatabase(async (t, database) => {
  await t.test('closing waits for the writes that were begun, and refuses others', async (t) => {
    const store = await openStore(await createDatabase(t, database))
    await store.migrate(() => instant)
    const repository = createUsersRepository(store.tables)
    const write = (name: string) => store.write((tx) => repository.insert(tx, newUser(name)))
    const [begun] = await Promise.allSettled([write('alice'), store.close()])
    t.match(begun, { status: 'fulfilled', value: { username: 'alice' } })
    await t.rejects(write('bob'))
  })
})
