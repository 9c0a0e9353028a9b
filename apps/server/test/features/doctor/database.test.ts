import pg from 'pg'
import { createAuditService } from '../../../src/features/audit/service.ts'
import { examineDatabase } from '../../../src/features/doctor/database.ts'
import { createKeysService } from '../../../src/features/keys/service.ts'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, type TestServer } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const checksOf = async ({ store, clock, keys }: TestServer) =>
    (await examineDatabase(store, clock, keys)).findings.map(({ check }) => check)

  /** A server in use, with what its database would say of itself changed. */
  async function serverSaying(changes: object) {
    const server = await createServer(t, { database })
    const { store } = server
    const inspection = await store.inspect()
    store.inspect = async () => ({ ...inspection, ...changes })
    return server
  }

  await t.test('a database in use is not complained of', async (t) => {
    const server = await createServer(t, { database })
    await server.signUp('alice')
    t.same(await checksOf(server), [])
  })

  await t.test('a database older than the supported versions is found', async (t) => {
    t.same(await checksOf(await serverSaying({ version: [3, 50, 9] })), ['version'])
  })

  await t.test('settings that lose acknowledged writes, and damage, are found', async (t) => {
    const { settings } = await (await createServer(t, { database })).store.inspect()
    for (const name of Object.keys(settings)) {
      const server = await serverSaying({ settings: { ...settings, [name]: 'off' } })
      t.same(await checksOf(server), ['durability'], name)
    }
    t.equal(Object.keys(settings).length, 3)
    t.same(await checksOf(await serverSaying({ damage: ['row 7 is missing'] })), ['damage'])
  })

  await t.test('pending migrations are found, and the tables left alone', async (t) => {
    const server = await createServer(t, { database })
    server.store.pendingMigrations = async () => ['0099_later']
    t.same(await checksOf(server), ['migrations'])
  })

  await t.test('a clock behind the rows is found', async (t) => {
    const server = await createServer(t, { database })
    await server.signUp('alice')
    server.clock.advance(-3_600)
    t.ok((await checksOf(server)).includes('clock'))
  })

  await t.test('rows that nobody sweeps are found, after a day', async (t) => {
    const server = await createServer(t, { database })
    const root = await server.signUp('root', { is_superuser: true })
    const body = { username: 'bob', email: 'bob@example.com' }
    await server.call('POST', '/api/invitations/', { token: root.access, body })
    await server.store.write((tx) => tx.delete(server.store.tables.sessions))
    server.clock.advance(2 * 86_400 - 1)
    t.notOk((await checksOf(server)).includes('sweeper'))
    server.clock.advance(1)
    t.ok((await checksOf(server)).includes('sweeper'), 'the link')
    await server.oneTimeTokens.prune()
    t.notOk((await checksOf(server)).includes('sweeper'))
  })

  await t.test('no signing key, and keys of another secret, are found', async (t) => {
    const server = await createServer(t, { database })
    const { store, clock } = server
    const audit = createAuditService({ store, clock })
    const secret = 'another secret, long enough for it'
    const foreign = createKeysService({ store, clock, audit, secret, accessTokenSeconds: 300 })
    const { findings } = await examineDatabase(store, clock, foreign)
    t.match(findings, [{ check: 'keys', what: /cannot be opened/ }])
    await store.write((tx) => tx.delete(store.tables.signingKeys))
    t.same(await checksOf(server), ['keys'])
    t.same(await store.read.select().from(store.tables.signingKeys), [], 'and none is made')
  })

  if (database === 'postgres') {
    await t.test('without pg_trgm a search is slow, which is found', async (t) => {
      t.same(await checksOf(await serverSaying({ extensions: [] })), ['extensions'])
    })

    await t.test('a clock apart from the database’s is found', async (t) => {
      t.same(await checksOf(await serverSaying({ now: '2020-01-01T00:00:00.000Z' })), ['clock'])
    })

    await t.test('several processes are noted, for their limits are in memory', async (t) => {
      const server = await createServer(t, { database })
      const others = ['rollcall 1@here', 'rollcall 1@there'].map(
        (application_name) =>
          new pg.Client({ connectionString: server.databaseUrl, application_name }),
      )
      for (const other of others) await other.connect()
      const { findings } = await examineDatabase(server.store, server.clock, server.keys)
      t.match(findings, [{ check: 'processes', kind: 'note', what: /^2 processes/ }])
      for (const other of others) await other.end()
    })
  }
})
