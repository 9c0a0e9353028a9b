import { rollcall } from '@rollcall/sdk/fastify'
import { createServerClient, createVerifier, requestCookies } from '@rollcall/sdk/server'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { password, startServer } from './support/server.ts'

/** The real server, and what a service knows of it. */
async function start(t: Test) {
  const server = await startServer(t)
  const options = {
    issuer: 'http://rollcall.test',
    baseUrl: server.url,
    now: () => server.clock.now().getTime(),
  }
  return { server, options }
}

t.test('ASVS 9.2.4: a service verifies the tokens of the server by its public keys', async (t) => {
  const { server, options } = await start(t)
  const verifier = createVerifier(options)
  const alice = await server.signUp('alice')
  t.match(await verifier.verify(alice.access), { sub: alice.id, aud: 'http://rollcall.test' })
  await t.rejects(createVerifier({ ...options, audience: 'other' }).verify(alice.access), {
    code: 'token_not_valid',
  })

  await server.keys.replace()
  await server.accessTokens.reload()
  server.clock.advance(11)
  const bob = await server.signUp('bob')
  t.equal((await verifier.verify(bob.access)).sub, bob.id, 'a rotated key is found')
  await t.rejects(verifier.verify(alice.access), { code: 'token_not_valid' })

  server.clock.advance(300)
  await t.rejects(verifier.verify(bob.access), { code: 'token_not_valid' }, 'expired')
})

t.test('a service that asks hears of a sign-out at once', async (t) => {
  const { server, options } = await start(t)
  const alice = await server.signUp('alice')
  const asking = createVerifier({ ...options, checkSession: true })
  await asking.verify(alice.access)
  await server.call('POST', '/api/logout/', {
    token: alice.access,
    body: { refresh: alice.refresh },
  })
  await t.rejects(asking.verify(alice.access), { code: 'token_not_valid' })
  t.equal(
    (await createVerifier(options).verify(alice.access)).sub,
    alice.id,
    'one that does not, later',
  )
})

t.test('a Fastify application lets through whom the server knows', async (t) => {
  const { server, options } = await start(t)
  const alice = await server.signUp('alice')
  const root = await server.signUp('root', { is_superuser: true })
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(rollcall, options)
  app.get('/me', { preHandler: app.requireUser }, async ({ claims }) => claims?.sub)
  app.get('/all', { preHandler: app.requirePermission('users.view') }, async () => 'all')

  const get = async (url: string, token?: string) => {
    const headers = token ? { authorization: `Bearer ${token}` } : {}
    return app.inject({ url, headers })
  }
  t.equal((await get('/me', alice.access)).body, alice.id)
  t.equal((await get('/all', root.access)).body, 'all')

  for (const [url, token, status, code] of [
    ['/me', undefined, 401, 'not_authenticated'],
    ['/me', `${alice.access}x`, 401, 'token_not_valid'],
    ['/all', undefined, 401, 'not_authenticated'],
    ['/all', alice.access, 403, 'permission_denied'],
  ] as const) {
    const answer = await get(url, token)
    t.equal(answer.statusCode, status)
    t.match(answer.json(), { status, code })
    t.match(answer.headers['content-type'], 'application/problem+json')
    t.equal(answer.headers['www-authenticate'], status === 401 ? 'Bearer' : undefined)
  }
})

t.test('a site acts for whoever has its cookie, and renews what has expired', async (t) => {
  const { server } = await start(t)
  await server.signUp('alice')
  let cookie = ''
  const visit = async <T>(work: (client: ReturnType<typeof createServerClient>) => Promise<T>) => {
    const headers = new Headers()
    const request = new Request('https://site.test/', { headers: { cookie } })
    const result = await work(
      createServerClient({ baseUrl: server.url, cookies: requestCookies(request, headers) }),
    )
    cookie = headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    return result
  }
  await visit((client) => client.auth.signIn({ username: 'alice', password }))
  const before = cookie
  t.ok(cookie.length < 4_000, `${cookie.length} bytes fit into a cookie`)

  server.clock.advance(301)
  t.equal((await visit((client) => client.users.me())).username, 'alice')
  t.not(cookie, before)

  await visit((client) => client.auth.signOut())
  const refused = await visit((client) => client.users.me().safe())
  t.match(refused, { ok: false, error: { code: 'not_authenticated' } })
  cookie = before
  t.match(await visit((client) => client.users.me().safe()), { ok: false })
})
