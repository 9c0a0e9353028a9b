import { backOff } from '../../../src/limits.ts'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const config = { limits: 'on', trustedProxies: '127.0.0.1' } as const
  const { app, call, signUp, store } = await createServer(t, { database, config })
  const boss = await signUp('boss', { is_superuser: true })
  await signUp('alice')
  const bob = await signUp('bob')
  const body = { is_active: false }
  await call('PATCH', `/api/users/${bob.id}/`, { token: boss.access, body })

  let host = 0

  /** All that an onlooker sees, but for what differs between any two answers. */
  async function answerTo(username: string, secret: string) {
    host += 1
    const { statusCode, headers, body } = await app.inject({
      method: 'POST',
      url: '/api/token/',
      headers: { 'x-forwarded-for': `10.0.0.${host}`, 'user-agent': 'a stranger' },
      payload: { username, password: secret },
    })
    const { date: _, 'x-request-id': requestId, ...rest } = headers
    return { statusCode, headers: rest, body: body.replace(String(requestId), 'the request') }
  }

  await t.test('ASVS 6.3.8: 401 alike, byte by byte: unknown, wrong, inactive', async (t) => {
    const unknown = await answerTo('nobody', password)
    t.equal(unknown.statusCode, 401)
    t.same(await answerTo('alice', 'wrong'), unknown)
    t.same(await answerTo('bob', password), unknown)
    t.same(await answerTo('bob', 'wrong'), unknown)
  })

  await t.test('ASVS 6.3.8: 429 alike, byte by byte, whoever is locked', async (t) => {
    for (let count = 1; count < backOff.account.freeFailures; count += 1) {
      for (const name of ['nobody', 'alice', 'bob']) await answerTo(name, 'wrong')
    }
    const unknown = await answerTo('nobody', password)
    t.equal(unknown.statusCode, 429)
    t.same(await answerTo('alice', password), unknown)
    t.same(await answerTo('bob', password), unknown)
  })

  await t.test('ASVS 16.3.1: the trail tells them apart, without the name given', async (t) => {
    const events = await store.read.select().from(store.tables.auditEvents)
    const failed = events.filter(({ action }) => action === 'sign_in.failed')
    const reasons = (targetId: string | null) =>
      new Set(
        failed
          .filter((event) => event.targetId === targetId)
          .map(({ details }) => JSON.parse(details).reason),
      )
    t.same(reasons(null), new Set(['unknown account']))
    t.same(reasons(bob.id), new Set(['inactive account', 'wrong password']))
    t.notMatch(JSON.stringify(failed), 'nobody')
    t.match(failed[0], { ip: /^10\./, userAgent: 'a stranger', actorId: null })
  })
})
