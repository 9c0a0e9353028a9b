import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const { call, signUp, clock, store } = await createServer(t, { database })
  const reauthenticate = (token: string, secret = password) =>
    call('POST', '/api/token/reauthenticate/', { token, body: { password: secret } })
  const eventsOf = async (userId: string, action: string) =>
    (await store.read.select().from(store.tables.auditEvents)).filter(
      (event) => event.targetId === userId && event.action === action,
    )

  await t.test('200 answers an access token of the same session that tells when', async (t) => {
    const alice = await signUp('alice')
    clock.advance(200)
    const { status, body } = await reauthenticate(alice.access)
    t.equal(status, 200)
    t.same(Object.keys(body), ['access', 'token_type', 'expires_in'])
    const now = Math.floor(clock.now().getTime() / 1_000)
    t.match(claims(body.access), { sid: claims(alice.access).sid, auth_time: now, iat: now })
    t.equal(claims(alice.access).auth_time, now - 200)
    const [event] = await eventsOf(alice.id, 'reauthentication.succeeded')
    t.match(event, { actorId: alice.id, actorSessionId: claims(alice.access).sid })
  })

  await t.test('ASVS 7.2.4: the access token from before the proof is refused', async (t) => {
    const dora = await signUp('dora')
    clock.advance(10)
    const { body } = await reauthenticate(dora.access)
    const me = (token: string) => call('GET', '/api/users/me/', { token })
    t.equal((await me(body.access)).status, 200)
    t.match(await me(dora.access), { status: 401, body: { code: 'token_not_valid' } })
    const verify = { body: { token: dora.access } }
    t.equal((await call('POST', '/api/token/verify/', verify)).status, 401)
    const refresh = { body: { refresh: dora.refresh } }
    const renewed = await call('POST', '/api/token/refresh/', refresh)
    t.equal((await me(renewed.body.access)).status, 200, 'and the session goes on')
  })

  await t.test('ASVS 7.5.1: renewing the tokens is no proof', async (t) => {
    const bob = await signUp('bob')
    clock.advance(100)
    const body = { refresh: bob.refresh }
    const renewed = (await call('POST', '/api/token/refresh/', { body })).body
    t.equal(claims(renewed.access).auth_time, claims(bob.access).auth_time)
  })

  await t.test('400 for a wrong password, which proves nothing', async (t) => {
    const carol = await signUp('carol')
    const answer = await reauthenticate(carol.access, 'wrong')
    t.equal(answer.status, 400)
    t.same(fieldCodes(answer), { password: 'password_incorrect' })
    const [session] = (await store.read.select().from(store.tables.sessions)).filter(
      ({ userId }) => userId === carol.id,
    )
    t.equal(session?.reauthenticatedAt, null)
    t.equal((await eventsOf(carol.id, 'reauthentication.failed')).length, 1)
  })

  await t.test('401 without an access token', async (t) => {
    t.equal((await reauthenticate('')).status, 401)
  })
})

function claims(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}
