import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

const day = 86_400

await onEachDatabase(async (t, database) => {
  const { call, signUp, store, clock } = await createServer(t, { database })
  const refresh = (token: string) =>
    call('POST', '/api/token/refresh/', { body: { refresh: token } })
  const works = async (token: string) =>
    (await call('GET', '/api/users/me/', { token })).status === 200
  const alice = await signUp('alice')
  const signIn = async () =>
    (await call('POST', '/api/token/', { body: { username: 'alice', password } })).body

  await t.test(
    'ASVS 7.2.3: 200 answers the next pair, each unlike any other, and both tokens work',
    async (t) => {
      const { status, body } = await refresh(alice.refresh)
      t.equal(status, 200)
      t.match(body, { token_type: 'Bearer', expires_in: 300 })
      t.not(body.refresh, alice.refresh)
      t.ok(await works(body.access))
      t.equal((await refresh(body.refresh)).status, 200)
      const proof = body.refresh.split('.').at(-1)
      t.ok(Buffer.from(proof, 'base64url').length >= 16, 'what cannot be made up has 128 bits')
    },
  )

  await t.test('one row, however often a session is refreshed', async (t) => {
    const before = await store.read.$count(store.tables.sessions)
    let { refresh: token } = await signIn()
    for (let round = 0; round < 5; round += 1) token = (await refresh(token)).body.refresh
    t.equal(await store.read.$count(store.tables.sessions), before + 1)
  })

  await t.test('a lost reply: the parent answers the same successor for 10 seconds', async (t) => {
    const { refresh: parent } = await signIn()
    const first = await refresh(parent)
    clock.advance(9)
    const second = await refresh(parent)
    t.equal(second.status, 200)
    t.equal(second.body.refresh, first.body.refresh)
  })

  await t.test('RFC 9700: the parent later ends the session, for the thief too', async (t) => {
    const { refresh: parent } = await signIn()
    const { body } = await refresh(parent)
    clock.advance(10)
    const reused = await refresh(parent)
    t.equal(reused.status, 401)
    t.equal(reused.body.code, 'token_not_valid')
    t.equal((await refresh(body.refresh)).status, 401)
    t.notOk(await works(body.access))
  })

  await t.test('RFC 9700: an older token ends the session at once', async (t) => {
    const { refresh: grandparent } = await signIn()
    const parent = (await refresh(grandparent)).body
    const child = (await refresh(parent.refresh)).body
    t.equal((await refresh(grandparent)).status, 401)
    t.equal((await refresh(child.refresh)).status, 401)
  })

  await t.test('of 32 parallel refreshes of one token all get one successor', async (t) => {
    const { refresh: token } = await signIn()
    const answers = await Promise.all(Array.from({ length: 32 }, () => refresh(token)))
    t.same(new Set(answers.map(({ status }) => status)), new Set([200]))
    t.equal(new Set(answers.map(({ body }) => body.refresh)).size, 1)
  })

  await t.test('401 for anything that is no refresh token of this server', async (t) => {
    const { refresh: token, access } = await signIn()
    const flipped = `${token.slice(0, 20)}${token[20] === 'A' ? 'B' : 'A'}${token.slice(21)}`
    const other = await createServer(t, { config: { secret: 'another secret, also long enough' } })
    const foreign = (await other.signUp('alice')).refresh
    for (const bad of ['', 'x', access, flipped, `${token}=`, token.slice(4), foreign]) {
      const answer = await refresh(bad)
      t.equal(answer.status, 401, bad)
      t.equal(answer.body.code, 'token_not_valid')
    }
    t.equal((await refresh(token)).status, 200, 'none of them ended the session')
  })

  await t.test('ASVS 7.3.1: a session that idles for 14 days ends', async (t) => {
    const { refresh: token } = await signIn()
    clock.advance(14 * day - 1)
    const answer = await refresh(token)
    t.equal(answer.status, 200)
    clock.advance(14 * day)
    t.equal((await refresh(answer.body.refresh)).status, 401)
  })

  await t.test('ASVS 7.3.2: no refresh carries a session beyond 30 days', async (t) => {
    let { refresh: token } = await signIn()
    for (let days = 0; days < 30; days += 1) {
      const answer = await refresh(token)
      t.equal(answer.status, 200)
      token = answer.body.refresh
      clock.advance(day)
    }
    t.equal((await refresh(token)).status, 401)
  })

  await t.test('an access token of an expired session is refused', async (t) => {
    const { access } = await signIn()
    t.ok(await works(access))
    await store.write((tx) =>
      tx.update(store.tables.sessions).set({ expiresAt: clock.now().toISOString() }),
    )
    t.notOk(await works(access))
  })
})
