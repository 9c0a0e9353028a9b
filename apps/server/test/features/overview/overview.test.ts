import type { AuditAction, DayCount, Overview } from '@rollcall/contract'
import { operator } from '../../../src/features/audit/origin.ts'
import { createAuditService } from '../../../src/features/audit/service.ts'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password, type TestServer } from '../../support/server.ts'

const daySeconds = 86_400

/** Tokens and sessions outlive the days that pass here. */
const lasting = {
  accessTokenSeconds: 10 * daySeconds,
  sessionIdleSeconds: 10 * daySeconds,
  staffSessionMaxSeconds: 10 * daySeconds,
}

await onEachDatabase(async (t, database) => {
  async function setUp() {
    const server = await createServer(t, { database, config: lasting })
    const root = await server.signUp('root', { is_superuser: true })
    const see = async (): Promise<Overview> =>
      (await server.call('GET', '/api/overview/', { token: root.access })).body
    return { ...server, root, see }
  }

  await t.test('200 counts accounts by what they are', async (t) => {
    const { users, see, clock } = await setUp()
    const flags = [
      {},
      { is_active: false },
      { is_staff: true },
      { is_staff: true, is_active: false },
    ]
    for (const [index, each] of flags.entries()) {
      const username = `person${index}`
      await users.create(
        { username, email: `${username}@example.com`, password, ...each },
        operator,
      )
    }
    t.same((await see()).users, {
      total: 5,
      active: 3,
      staff: 2,
      superusers: 1,
      counted_at: clock.now().toISOString(),
    })
  })

  await t.test('accounts are counted anew after ten seconds, and it says when', async (t) => {
    const { signUp, see, clock } = await setUp()
    const first = (await see()).users
    await signUp('alice')
    clock.advance(9)
    t.same((await see()).users, first)
    clock.advance(1)
    t.match((await see()).users, { total: 2, counted_at: clock.now().toISOString() })
  })

  await t.test('each of the last 30 days is there, in UTC, oldest first', async (t) => {
    const { see, clock } = await setUp()
    const { joined, sign_ins, sign_in_failures } = await see()
    const today = Date.parse(clock.now().toISOString().slice(0, 10))
    const days = Array.from({ length: 30 }, (_, index) =>
      new Date(today - (29 - index) * daySeconds * 1_000).toISOString().slice(0, 10),
    )
    for (const series of [joined, sign_ins, sign_in_failures]) {
      t.same(
        series,
        days.map((day): DayCount => ({ day, count: 0 })),
        'nothing is sealed yet',
      )
    }
  })

  await t.test('what happened counts on its day once it is sealed, and once', async (t) => {
    const { call, signUp, see, clock, chain } = await setUp()
    await signUp('alice')
    const signIn = (body: object) => call('POST', '/api/token/', { body })
    await signIn({ username: 'alice', password: 'wrong' })
    await signIn({ username: 'nobody', password: 'wrong' })
    await chain.seal()
    await chain.seal()
    const lastOf = async () => {
      const { joined, sign_ins, sign_in_failures } = await see()
      return [joined, sign_ins, sign_in_failures].map((series) => series.at(-1)?.count)
    }
    t.same(await lastOf(), [2, 2, 2])

    clock.advance(daySeconds)
    t.same(await lastOf(), [0, 0, 0], 'a new day begins at zero')
    await signIn({ username: 'alice', password })
    await chain.seal()
    t.same(await lastOf(), [0, 1, 0])
    const { sign_ins } = await see()
    t.equal(sign_ins.at(-2)?.count, 2, 'the day before stays')
  })

  await t.test('events that several sealers race for are counted once', async (t) => {
    const server = await setUp()
    const { databaseUrl, see } = server
    const others = await Promise.all([1, 2].map(() => createServer(t, { database, databaseUrl })))
    const sealers = [server, ...others].map(({ chain }) => chain)
    for (let round = 0; round < 5; round += 1) {
      await Promise.all([
        ...Array.from({ length: 20 }, () => record(server, 'sign_in.failed')),
        ...sealers.flatMap((chain) => [chain.seal(), chain.seal()]),
      ])
    }
    await server.chain.seal()
    t.equal((await see()).sign_in_failures.at(-1)?.count, 100)
    t.same((await server.chain.verify()).findings, [])
  })

  await t.test('counts older than 400 days are deleted, and no others', async (t) => {
    const { clock, chain, counts, store } = await setUp()
    await chain.seal()
    clock.advance(400 * daySeconds)
    await counts.prune()
    t.equal((await store.read.select().from(store.tables.dailyCounts)).length, 2)
    clock.advance(daySeconds)
    await counts.prune()
    t.same(await store.read.select().from(store.tables.dailyCounts), [])
  })

  await t.test('401 without a token, 403 without users.view', async (t) => {
    const { call, signUp } = await setUp()
    t.equal((await call('GET', '/api/overview/')).status, 401)
    const { access } = await signUp('alice')
    const { status, body } = await call('GET', '/api/overview/', { token: access })
    t.equal(status, 403)
    t.equal(body.code, 'permission_denied')
  })
})

function record({ store, clock }: TestServer, action: AuditAction) {
  const audit = createAuditService({ store, clock })
  return store.write((tx) => audit.record(tx, { action, by: operator }))
}
