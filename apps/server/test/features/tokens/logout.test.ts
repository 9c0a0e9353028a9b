import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const { call, signUp } = await createServer(t, { database })
  const alice = await signUp('alice')
  const signIn = async () =>
    (await call('POST', '/api/token/', { body: { username: 'alice', password } })).body
  const logout = (token: string, refresh: string) =>
    call('POST', '/api/logout/', { token, body: { refresh } })
  const status = async (token: string) => (await call('GET', '/api/users/me/', { token })).status
  const refreshStatus = async (refresh: string) =>
    (await call('POST', '/api/token/refresh/', { body: { refresh } })).status

  await t.test('ASVS 7.4.1: 205 the access and refresh token are refused at once', async (t) => {
    const session = await signIn()
    const answer = await logout(session.access, session.refresh)
    t.equal(answer.status, 205)
    t.equal(answer.body, undefined)
    t.equal(await status(session.access), 401)
    t.equal(await refreshStatus(session.refresh), 401)
    t.equal(await status(alice.access), 200, 'other sessions go on')
  })

  await t.test('205 a token that was refreshed meanwhile still names the session', async (t) => {
    const session = await signIn()
    const next = (await call('POST', '/api/token/refresh/', { body: { refresh: session.refresh } }))
      .body
    t.equal((await logout(session.access, session.refresh)).status, 205)
    t.equal(await refreshStatus(next.refresh), 401)
  })

  await t.test('205 ends another session of one’s own, and this one', async (t) => {
    const [one, two] = [await signIn(), await signIn()]
    t.equal((await logout(one.access, two.refresh)).status, 205)
    t.equal(await status(one.access), 401)
    t.equal(await status(two.access), 401)
  })

  await t.test('400 garbage; the session goes on', async (t) => {
    const session = await signIn()
    const answer = await logout(session.access, 'garbage')
    t.equal(answer.status, 400)
    t.same(fieldCodes(answer), { refresh: 'invalid' })
    t.equal(await status(session.access), 200)
  })

  await t.test('401 without an access token', async (t) => {
    const answer = await call('POST', '/api/logout/', { body: { refresh: alice.refresh } })
    t.equal(answer.status, 401)
  })

  await t.test('403 somebody else’s token; neither session ends', async (t) => {
    const bob = await signUp('bob')
    const answer = await logout(alice.access, bob.refresh)
    t.equal(answer.status, 403)
    t.equal(answer.body.code, 'permission_denied')
    t.equal(await status(alice.access), 200)
    t.equal(await status(bob.access), 200)
  })
})
