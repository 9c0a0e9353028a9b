import { setTimeout } from 'node:timers/promises'
import type { AuditPage, UserPage } from '@rollcall/contract'
import pg from 'pg'
import t from 'tap'
import { createRollcall } from '../commands/rollcall.ts'
import { notRun } from '../support/databases.ts'
import { postgresPrograms } from '../support/postgres-programs.ts'
import { startReplicatedPostgres } from '../support/replicated-postgres.ts'
import { createServer, password } from '../support/server.ts'

const programs = postgresPrograms()

if (programs) {
  const postgres = await startReplicatedPostgres(t, programs)
  const changes: boolean[] = []
  const server = await createServer(t, {
    databaseUrl: postgres.url,
    readUrl: postgres.replicaUrl,
    onReplica: (isThere) => changes.push(isThere),
  })
  const root = await server.signUp('root', { is_superuser: true })
  const get = (path: string, token = root.access) => server.call('GET', path, { token })
  const names = async (query = '') => {
    const { status, body } = await get(`/api/users/?ordering=username${query}`)
    t.equal(status, 200)
    return (body as UserPage).results.map(({ username }) => username)
  }
  const until = async (work: () => Promise<boolean>) => {
    while (!(await work())) await setTimeout(20)
  }

  /** Keeps the replica from hearing of anything, so that what it answers can be told. */
  async function pause(how: 'pause' | 'resume') {
    const client = new pg.Client({ connectionString: postgres.replicaUrl })
    await client.connect()
    await client.query(`SELECT pg_wal_replay_${how}()`)
    await client.end()
  }

  await until(async () => (await names()).join() === 'root')

  await t.test('lists, searches and the audit trail are read from the replica', async (t) => {
    await pause('pause')
    const alice = await server.signUp('alice')
    t.same(await names(), ['root'])
    t.same(await names('&search=alice'), [])
    const csv = await server.app.inject({
      url: '/api/users/export/',
      headers: { authorization: `Bearer ${root.access}` },
    })
    t.equal(csv.statusCode, 200)
    t.match(csv.body, 'root')
    t.notMatch(csv.body, 'alice')
    const history = (await get(`/api/users/${alice.id}/audit/`)).body as AuditPage
    t.same(history.results, [])
    const exported = await createRollcall(t, {
      ROLLCALL_DATABASE_URL: postgres.url,
      ROLLCALL_DATABASE_READ_URL: postgres.replicaUrl,
    }).run(['audit', 'export'])
    t.match(exported, { code: 0, stderr: '' })
    t.notMatch(exported.stdout, alice.id)
  })

  await t.test('who somebody is, and may do, is never read there', async (t) => {
    const { body } = await server.call('POST', '/api/token/', {
      body: { username: 'alice', password },
    })
    const { access, refresh } = body
    t.match(await get('/api/users/me/', access), { status: 200, body: { username: 'alice' } })
    t.match(await server.call('POST', '/api/token/refresh/', { body: { refresh } }), {
      status: 200,
    })
    const { id } = (await get('/api/users/me/', access)).body
    t.match(await get(`/api/users/${id}/`), { status: 200, body: { username: 'alice' } })
    const off = { token: root.access, body: { is_active: false } }
    t.match(await server.call('PATCH', `/api/users/${id}/`, off), { status: 200 })
    t.match(await get('/api/users/me/', access), { status: 401 })
    t.same(await names(), ['root'], 'though the replica has never heard of the account')
  })

  await t.test('what the replica hears is listed', async (t) => {
    await pause('resume')
    await until(async () => (await names()).length === 2)
    t.same(await names('&is_active=false'), ['alice'])
  })

  await t.test('while it is gone, all is read from the primary', async (t) => {
    postgres.replica.signal('SIGKILL')
    await postgres.replica.ended
    await server.signUp('bob')
    t.same(await names(), ['alice', 'bob', 'root'])
    t.same(changes, [false])
    t.match(await server.call('GET', '/readyz'), { status: 200 })
  })

  await t.test(
    'when it is back it is read from again, and while it hangs the primary',
    async (t) => {
      const replica = await postgres.startReplica()
      await until(async () => changes.length === 2)
      await until(async () => (await names()).length === 3)
      await pause('pause')
      await server.signUp('carol')
      t.same(await names(), ['alice', 'bob', 'root'], 'from the replica')
      replica.signal('SIGSTOP')
      t.same(await names(), ['alice', 'bob', 'carol', 'root'], 'from the primary')
      t.same(changes, [false, true, false])
    },
  )
} else {
  notRun('a streaming replica (PostgreSQL’s programs are missing)')
}
