import t, { type Test } from 'tap'
import { createServer, password } from '../support/server.ts'
import { readToken, signingKeyOf, signToken } from './access-token-forger.ts'
import { createRefusals } from './refusals.ts'

async function createTarget(t: Test) {
  const server = await createServer(t)
  const root = await server.signUp('root1', { is_superuser: true })
  const alice = await server.signUp('alice')
  const refusals = createRefusals()

  /** Both tokens are refused everywhere. */
  async function refuseBoth(label: string, { access, refresh }: typeof alice) {
    const { call } = server
    const token = access
    for (const [method, url, body] of [
      ['GET', '/api/users/me/', undefined],
      ['GET', `/api/users/${alice.id}/`, undefined],
      ['PATCH', '/api/users/me/', { first_name: 'A' }],
      ['POST', '/api/logout/', { refresh }],
    ] as const) {
      const answer = await call(method, url, { token, body })
      refusals.expect(`${label}: ${method} ${url}`, answer, 'token_not_valid')
    }
    const refreshed = await call('POST', '/api/token/refresh/', { body: { refresh } })
    refusals.expect(`${label}: refresh`, refreshed, 'token_not_valid')
    for (const token of [access, refresh]) {
      const verified = await call('POST', '/api/token/verify/', { body: { token } })
      refusals.expect(`${label}: verify`, verified, 'token_not_valid')
    }
    refusals.assert(t, 7)
  }

  const me = (token: string) => server.call('GET', '/api/users/me/', { token })
  return { ...server, root, alice, refuseBoth, me }
}

t.test('ASVS 7.4.1: tokens of a session that was signed out are refused at once', async (t) => {
  const { call, alice, refuseBoth, me, signUp } = await createTarget(t)
  const bob = await signUp('bob')
  const { status } = await call('POST', '/api/logout/', {
    token: alice.access,
    body: { refresh: alice.refresh },
  })
  t.equal(status, 205)
  await refuseBoth('signed out', alice)
  t.equal((await me(bob.access)).status, 200, 'others go on')
})

t.test(
  'ASVS 7.4.2: tokens of a deactivated account are refused, and do not come back',
  async (t) => {
    const { call, root, alice, refuseBoth } = await createTarget(t)
    const set = (is_active: boolean) =>
      call('PATCH', `/api/users/${alice.id}/`, { token: root.access, body: { is_active } })
    t.equal((await set(false)).status, 200)
    await refuseBoth('deactivated', alice)
    t.equal((await set(true)).status, 200)
    await refuseBoth('activated again', alice)
  },
)

t.test('ASVS 7.4.2: tokens of a deleted account never name a later one', async (t) => {
  const { call, root, alice, refuseBoth, signUp } = await createTarget(t)
  const url = `/api/users/${alice.id}/`
  t.equal((await call('DELETE', url, { token: root.access })).status, 204)
  await refuseBoth('deleted', alice)
  const later = await signUp('alice')
  t.not(later.id, alice.id)
  await refuseBoth('made anew', alice)
})

t.test('ASVS 8.3.2: a right that is taken away is gone with the next request', async (t) => {
  const { call, root, signUp } = await createTarget(t)
  const other = await signUp('root2', { is_superuser: true })
  const list = () => call('GET', '/api/users/', { token: other.access })
  t.equal((await list()).status, 200)
  const demotion = { token: root.access, body: { is_superuser: false } }
  t.equal((await call('PATCH', `/api/users/${other.id}/`, demotion)).status, 200)
  t.equal((await list()).status, 403)
})

t.test('ASVS 7.3.1: tokens of an idle session are refused', async (t) => {
  const { alice, refuseBoth, clock } = await createTarget(t)
  clock.advance(14 * 86_400)
  await refuseBoth('idle', alice)
})

t.test('ASVS 7.3.2: however often it is refreshed, a session ends after 30 days', async (t) => {
  const { call, alice, clock } = await createTarget(t)
  let { refresh } = alice
  for (let day = 1; day < 30; day += 1) {
    clock.advance(86_400)
    const { status, body } = await call('POST', '/api/token/refresh/', { body: { refresh } })
    t.equal(status, 200, `day ${day}`)
    refresh = (body as { refresh: string }).refresh
  }
  clock.advance(86_400)
  const { status } = await call('POST', '/api/token/refresh/', { body: { refresh } })
  t.equal(status, 401)
})

t.test('a retired key’s tokens are refused, however long they say they are valid', async (t) => {
  const { keys, clock, accessTokens, alice, me, signUp } = await createTarget(t)
  const { header, claims } = readToken(alice.access)
  const { key } = await signingKeyOf({ keys })
  const forever = signToken(header, { ...claims, exp: Number(claims.exp) + 86_400 }, key)
  t.equal((await me(forever)).status, 200)

  await keys.rotate()
  await accessTokens.reload()
  t.equal((await me(forever)).status, 200, 'while the next key is made known')
  t.equal(readToken((await signUp()).access).header.kid, header.kid)
  clock.advance(301)
  const later = await signUp()
  t.not(readToken(later.access).header.kid, header.kid, 'then the next key signs')
  t.equal((await me(later.access)).status, 200)
  t.equal((await me(forever)).status, 200)
  clock.advance(360)
  const refusals = createRefusals()
  refusals.expect('retired', await me(forever), 'token_not_valid')
  refusals.assert(t, 1)
})

t.test('a stolen key’s tokens are refused as soon as it is replaced', async (t) => {
  const { keys, accessTokens, alice, me, call } = await createTarget(t)
  t.equal((await me(alice.access)).status, 200)
  await keys.replace()
  await accessTokens.reload()
  t.equal((await me(alice.access)).status, 401)
  const body = { refresh: alice.refresh }
  const refreshed = await call('POST', '/api/token/refresh/', { body })
  t.equal((await me((refreshed.body as { access: string }).access)).status, 200)
})

t.test('ASVS 9.2.4: a token of another deployment is refused', async (t) => {
  const { alice, me, databaseUrl, root } = await createTarget(t)
  const config = { secret: 'another secret, long enough too' }
  const elsewhere = await createServer(t, { config })
  const there = await elsewhere.signUp('alice')
  t.equal((await me(there.access)).status, 401, 'of another key')
  const body = { refresh: there.refresh }
  t.equal((await elsewhere.call('POST', '/api/token/refresh/', { body })).status, 200)

  const { key } = await signingKeyOf(elsewhere)
  const { header } = readToken(alice.access)
  const { claims } = readToken(root.access)
  t.equal((await me(signToken(header, claims, key))).status, 401, 'under the name of our key')

  const audience = 'http://staging.rollcall.test'
  const staging = await createServer(t, { databaseUrl, config: { audience } })
  const tokens = await staging.signUp('staging-only')
  const own = await staging.call('GET', '/api/users/me/', { token: tokens.access })
  t.equal(own.status, 200)
  t.equal((await me(tokens.access)).status, 401, 'of another audience on the same keys')
})

t.test('the header is read as RFC 6750 has it, and as nothing else', async (t) => {
  const { call, alice, root } = await createTarget(t)
  const { access } = alice
  const show = (authorization: string) =>
    call('GET', '/api/users/me/', { headers: { authorization } })
  for (const good of [`Bearer ${access}`, `bearer ${access}`, `BEARER   ${access}`]) {
    t.equal((await show(good)).status, 200, good.slice(0, 8))
  }
  const refusals = createRefusals()
  for (const bad of [
    '',
    'Bearer',
    'Bearer ',
    access,
    `Token ${access}`,
    `JWT ${access}`,
    `Basic ${Buffer.from(`alice:${password}`).toString('base64')}`,
    `Bearer${access}`,
    `Bearer\t${access}`,
    `Bearer ${access} x`,
    `Bearer ${access},${root.access}`,
    `Bearer ${access}, Bearer ${root.access}`,
    `Bearer "${access}"`,
    `Bearer <${access}>`,
    `Bearer token=${access}`.replace('=', ' = '),
    `Bearer, ${access}`,
  ]) {
    const answer = await show(bad)
    refusals.expect(bad.slice(0, 12), answer, 'not_authenticated')
  }
  for (const url of [`/api/users/me/?access_token=${access}`, `/api/users/me/?token=${access}`]) {
    refusals.expect(url.slice(0, 30), await call('GET', url), 'not_authenticated')
  }
  const elsewhere = { cookie: `access=${access}; token=${access}`, 'x-access-token': access }
  const answer = await call('GET', '/api/users/me/', { headers: elsewhere })
  refusals.expect('other headers', answer, 'not_authenticated')
  refusals.assert(t, 19)
})
