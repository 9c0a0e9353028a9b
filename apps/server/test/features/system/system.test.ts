import type { SystemState } from '@rollcall/contract'
import pg from 'pg'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, type TestOptions } from '../../support/server.ts'

const secret = 'mW4tR9vKc2xLz7QhJd5NfYb8GsPu3EaTk6HwXn1D'

await onEachDatabase(async (t, database) => {
  async function setUp(config: TestOptions['config'] = {}) {
    const server = await createServer(t, { database, config: { limits: 'on', secret, ...config } })
    const root = await server.signUp('root', { is_superuser: true })
    const see = async (): Promise<SystemState> =>
      (await server.call('GET', '/api/system/', { token: root.access })).body
    return { ...server, root, see }
  }

  await t.test('200 tells versions, keys, chain and that nothing is wrong', async (t) => {
    const { see, chain, clock, store } = await setUp()
    const before = await see()
    t.match(before, {
      version: /^\d+\.\d+\.\d+$/,
      node_version: process.versions.node,
      database: { name: database === 'sqlite' ? 'SQLite' : 'PostgreSQL', version: /^\d+\.\d+/ },
      pending_migrations: [],
      keys_in_force: 1,
      audit: { sealed: 0, newest_at: null },
      examined_at: clock.now().toISOString(),
    })
    t.same(before.findings, [])
    t.ok(before.uptime_seconds >= 0)
    const events = await store.read.select().from(store.tables.auditEvents)
    t.equal(before.audit.unsealed, events.length)
    await chain.seal()
    t.match((await see()).audit, { sealed: events.length, unsealed: 0, is_signed: true })
  })

  await t.test('what the settings and the database have wrong is found', async (t) => {
    const { see, store } = await setUp({ env: 'production', limits: 'off' })
    store.pendingMigrations = async () => ['0099_later']
    const { findings, pending_migrations } = await see()
    t.same(findings.map(({ check }) => check).sort(), ['https', 'limits', 'migrations'])
    for (const finding of findings) t.ok(finding.what && finding.why && finding.remedy)
    t.same(pending_migrations, ['0099_later'])
  })

  await t.test('it is examined once a minute, however many ask', async (t) => {
    const { see, store, clock } = await setUp()
    let examinations = 0
    const { inspect } = store
    store.inspect = (...given) => {
      examinations += 1
      return inspect(...given)
    }
    const examinedAt = clock.now().toISOString()
    const states = await Promise.all(Array.from({ length: 16 }, see))
    clock.advance(59)
    states.push(await see())
    t.equal(examinations, 1)
    for (const { examined_at } of states) t.equal(examined_at, examinedAt)
    clock.advance(1)
    t.equal((await see()).examined_at, clock.now().toISOString())
    t.equal(examinations, 2)
  })

  await t.test('a server at its work does not read the whole file', async (t) => {
    const { see, store } = await setUp()
    const depths: unknown[] = []
    const { inspect } = store
    store.inspect = (depth) => {
      depths.push(depth)
      return inspect(depth)
    }
    await see()
    t.same(depths, ['quick'])
  })

  await t.test('a failed examination is tried again at the next call', async (t) => {
    const { call, root, store, see } = await setUp()
    const { inspect } = store
    store.inspect = () => Promise.reject(new Error('out of reach'))
    t.equal((await call('GET', '/api/system/', { token: root.access })).status, 500)
    store.inspect = inspect
    t.same((await see()).findings, [])
  })

  await t.test(
    'beside a database that a newer version has migrated it still answers',
    async (t) => {
      const { see, store } = await setUp()
      const { pendingMigrations } = store
      store.pendingMigrations = () =>
        Promise.reject(
          new Error('The database holds the migration 9999_later, which is not known.'),
        )
      const { findings, pending_migrations } = await see()
      t.match(findings, [{ check: 'migrations', what: /9999_later/ }])
      t.same(pending_migrations, [])
      store.pendingMigrations = pendingMigrations
    },
  )

  if (database === 'postgres') {
    await t.test('other servers on the database are noted, this one included', async (t) => {
      const { see, databaseUrl } = await setUp()
      const other = new pg.Client({
        connectionString: databaseUrl,
        application_name: 'rollcall 1@there',
      })
      await other.connect()
      t.match((await see()).findings, [{ check: 'processes', kind: 'note', what: /^2 processes/ }])
      await other.end()
    })
  }

  await t.test('ASVS 13.4.2: no secret is told', async (t) => {
    const databaseUrl = 'postgres://rollcall:pa55word@db/rollcall'
    const { see, databaseUrl: real } = await setUp({ databaseUrl })
    const text = JSON.stringify(await see())
    for (const told of [secret, 'pa55word', real]) t.notOk(text.includes(told))
  })

  await t.test('401 without a token, 403 without system.view', async (t) => {
    const { call, signUp } = await setUp()
    t.equal((await call('GET', '/api/system/')).status, 401)
    const { access } = await signUp('alice')
    t.equal((await call('GET', '/api/system/', { token: access })).status, 403)
  })
})
