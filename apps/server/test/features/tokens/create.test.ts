import { eq } from 'drizzle-orm'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const { call, signUp, store, clock, databaseUrl, users } = await createServer(t, { database })
  const root = await signUp('boss', { is_superuser: true })
  const alice = await signUp('alice')
  const signIn = (username: string, secret = password) =>
    call('POST', '/api/token/', { body: { username, password: secret } })
  const countSessions = () => store.read.$count(store.tables.sessions)

  await t.test('200 by username or e-mail address, whatever the case', async (t) => {
    for (const name of ['alice', 'ALICE', 'alice@example.com', 'Alice@Example.COM']) {
      const { status, body } = await signIn(name)
      t.equal(status, 200)
      t.same(Object.keys(body), ['access', 'refresh', 'token_type', 'expires_in'])
      t.match(body, { token_type: 'Bearer', expires_in: 300, refresh: /^rcr_/ })
      const me = await call('GET', '/api/users/me/', { token: body.access })
      t.equal(me.body.id, alice.id)
    }
  })

  await t.test('200 notes when the account last signed in, and from where', async (t) => {
    clock.advance(1)
    const { body } = await call('POST', '/api/token/', {
      body: { username: 'alice', password },
      headers: { 'user-agent': 'a browser' },
    })
    const me = await call('GET', '/api/users/me/', { token: body.access })
    t.equal(me.body.last_login, clock.now().toISOString())
    t.equal(me.headers.etag, '"1"', 'signing in is no edit')
    const sessions = await store.read.select().from(store.tables.sessions)
    t.match(sessions.at(-1), { ip: '127.0.0.1', userAgent: 'a browser', userId: alice.id })
  })

  await t.test('ASVS 7.2.2: every sign-in has a session and tokens of its own', async (t) => {
    const [one, two] = await Promise.all([signIn('alice'), signIn('alice')])
    t.not(one.body.refresh, two.body.refresh)
    t.not(claims(one.body.access).sid, claims(two.body.access).sid)
    t.not(claims(one.body.access).jti, claims(two.body.access).jti)
  })

  await t.test('the access token says who, for whom, and until when; no role', async (t) => {
    const { body } = await signIn('alice')
    const now = Math.floor(clock.now().getTime() / 1000)
    const { jti, sid, ...rest } = claims(body.access)
    t.same(rest, {
      sub: alice.id,
      iss: 'http://rollcall.test',
      aud: 'http://rollcall.test',
      iat: now,
      exp: now + 300,
      auth_time: now,
      token_type: 'access',
    })
    t.match(header(body.access), { alg: 'EdDSA', typ: 'at+jwt', kid: /^[0-9a-f-]{36}$/ })
  })

  await t.test('ASVS 6.3.8: 401 alike for unknown, wrong and inactive', async (t) => {
    const bob = await signUp('bob')
    const body = { is_active: false }
    await call('PATCH', `/api/users/${bob.id}/`, { token: root.access, body })
    const before = await countSessions()
    const answers = [await signIn('nobody'), await signIn('alice', 'wrong'), await signIn('bob')]
    for (const answer of answers) {
      t.equal(answer.status, 401)
      t.match(answer.headers['www-authenticate'], /^Bearer/)
      const { request_id: _, ...rest } = answer.body
      t.same(rest, withoutRequestId(answers[0]?.body))
      t.equal(rest.code, 'no_active_account')
    }
    t.equal(await countSessions(), before)
  })

  await t.test('ASVS 6.2.8: the password is taken exactly as sent, in NFC', async (t) => {
    const secret = '  Ünïcode pass phrase  '
    const body = { username: 'exact', email: 'exact@example.com', password: secret }
    t.equal((await call('POST', '/api/register/', { body })).status, 201)
    t.equal((await signIn('exact', secret)).status, 200)
    t.equal((await signIn('exact', secret.normalize('NFD'))).status, 200)
    t.equal((await signIn('exact', secret.trim())).status, 401)
    t.equal((await signIn('exact', secret.toUpperCase())).status, 401)
  })

  await t.test(
    'ASVS 6.2.9: passwords of 64 and 128 characters work, 129 are refused',
    async (t) => {
      for (const length of [64, 128]) {
        const secret = 'x7#Lq_'.repeat(22).slice(0, length)
        const name = `long${length}`
        const body = { username: name, email: `${name}@example.com`, password: secret }
        t.equal((await call('POST', '/api/register/', { body })).status, 201)
        t.equal((await signIn(name, secret)).status, 200)
        t.equal((await signIn(name, `${secret.slice(0, -1)}!`)).status, 401, 'the last one counts')
      }
      t.equal((await signIn('alice', 'x'.repeat(129))).status, 400)
    },
  )

  await t.test('ASVS 11.2.2: a hash weaker than the setting is renewed at sign-in', async (t) => {
    const stronger = await createServer(t, { databaseUrl, config: { argon2MemoryKib: 2_048 } })
    const hashOf = async () => (await users.findById(alice.id))?.passwordHash
    t.match(await hashOf(), 'm=1024')
    const body = { username: 'alice', password }
    t.equal((await stronger.call('POST', '/api/token/', { body })).status, 200)
    t.match(await hashOf(), 'm=2048')
    t.equal((await signIn('alice')).status, 200)
  })

  await t.test('so it is under parallel sign-ins, which are all let in', async (t) => {
    for (const limits of ['off', 'on'] as const) {
      const name = `many${limits}`
      await signUp(name)
      const config = { argon2MemoryKib: 2_048, limits }
      const stronger = await createServer(t, { databaseUrl, config })
      const body = { username: name, password }
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => stronger.call('POST', '/api/token/', { body })),
      )
      t.same([...new Set(answers.map(({ status }) => status))], [200], limits)
    }
  })

  await t.test('401 for an account that is deactivated meanwhile, which is noted', async (t) => {
    const slow = await createServer(t, { databaseUrl, config: { argon2MemoryKib: 262_144 } })
    const { id } = await slow.signUp('leaver')
    const { users: accounts, auditEvents } = store.tables
    const signingIn = slow.call('POST', '/api/token/', { body: { username: 'leaver', password } })
    await store.write((tx) =>
      tx.update(accounts).set({ isActive: false }).where(eq(accounts.id, id)),
    )
    t.equal((await signingIn).status, 401)
    const events = await store.read.select().from(auditEvents).where(eq(auditEvents.targetId, id))
    t.equal(events.filter(({ action }) => action === 'sign_in.failed').length, 1)
  })

  await t.test('an account whose hash is broken cannot sign in, and is told nothing', async (t) => {
    const { id } = await signUp('broken')
    await store.write((tx) => tx.update(store.tables.users).set({ passwordHash: 'x' }))
    const answer = await signIn('broken')
    t.equal(answer.status, 401)
    t.equal(answer.body.code, 'no_active_account')
    t.ok(id)
  })
})

function withoutRequestId(body: Record<string, unknown> | undefined) {
  const { request_id: _, ...rest } = body ?? {}
  return rest
}

function claims(token: string): Record<string, unknown> {
  return decode(token.split('.')[1])
}

function header(token: string): Record<string, unknown> {
  return decode(token.split('.')[0])
}

function decode(part: string | undefined) {
  return JSON.parse(Buffer.from(part ?? '', 'base64url').toString())
}
