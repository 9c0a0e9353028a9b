import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const config = { sessionsPerUser: 3 }
  const { call, signUp, clock, store } = await createServer(t, { database, config })
  const alice = await signUp('alice')

  const signIn = async () => {
    clock.advance(1)
    return (await call('POST', '/api/token/', { body: { username: 'alice', password } })).body
  }
  const idOf = async (token: string): Promise<string> =>
    (await call('GET', '/api/sessions/', { token })).body.results.find(
      ({ current }: { current: boolean }) => current,
    ).id
  /** The newest event, as its account's history shows it. */
  const lastEvent = async () => {
    const { auditEvents } = store.tables
    const events = await store.read.select().from(auditEvents).orderBy(auditEvents.id)
    const { action, actorId, actorSessionId, targetId, details } = events.at(-1) ?? {}
    return { action, actorId, actorSessionId, targetId, details: JSON.parse(details ?? '{}') }
  }

  await t.test('ASVS 16.3.1: every sign-in is noted with its session', async (t) => {
    const { access } = await signIn()
    t.same(await lastEvent(), {
      action: 'sign_in.succeeded',
      actorId: alice.id,
      actorSessionId: await idOf(access),
      targetId: alice.id,
      details: {},
    })
  })

  await t.test('every end of a session is noted with what was ended', async (t) => {
    const [one, two] = [await signIn(), await signIn()]
    const [here, there] = [await idOf(one.access), await idOf(two.access)]
    const by = { actorId: alice.id, actorSessionId: here, targetId: alice.id }
    await call('DELETE', `/api/sessions/${there}/`, { token: one.access })
    t.same(await lastEvent(), { action: 'session.ended', ...by, details: { sessions: [there] } })
    const { access: token, refresh } = one
    await call('POST', '/api/logout/', { token, body: { refresh, scope: 'others' } })
    t.same(await lastEvent(), { action: 'session.ended', ...by, details: { scope: 'others' } })
    await call('POST', '/api/logout/', { token, body: { refresh } })
    t.same(await lastEvent(), { action: 'session.ended', ...by, details: { sessions: [here] } })
  })

  await t.test('a session that gives way to a new one is noted', async (t) => {
    const oldest = await idOf((await signIn()).access)
    for (let count = 0; count < 3; count += 1) await signIn()
    t.match(await lastEvent(), {
      action: 'session.evicted',
      targetId: alice.id,
      details: { sessions: [oldest] },
    })
  })

  await t.test('a spent refresh token that comes back is noted; nobody is blamed', async (t) => {
    const { access, refresh } = await signIn()
    const id = await idOf(access)
    const renew = () => call('POST', '/api/token/refresh/', { body: { refresh } })
    await renew()
    clock.advance(60)
    t.equal((await renew()).status, 401)
    t.same(await lastEvent(), {
      action: 'session.reused',
      actorId: null,
      actorSessionId: null,
      targetId: alice.id,
      details: { sessions: [id] },
    })
  })

  await t.test('of 16 that end a session at once one has ended it', async (t) => {
    const { auditEvents } = store.tables
    const count = async (action: string) =>
      (await store.read.select().from(auditEvents)).filter((event) => event.action === action)
        .length
    const atOnce = (call: () => Promise<unknown>) =>
      Promise.all(Array.from({ length: 16 }, () => call()))

    for (const scope of ['this', 'all']) {
      const before = await count('session.ended')
      const { access: token, refresh } = await signIn()
      await atOnce(() => call('POST', '/api/logout/', { token, body: { refresh, scope } }))
      t.equal((await count('session.ended')) - before, 1, scope)
    }
    const { refresh } = await signIn()
    const renew = () => call('POST', '/api/token/refresh/', { body: { refresh } })
    await renew()
    clock.advance(60)
    await atOnce(renew)
    t.equal(await count('session.reused'), 2)
  })
})
