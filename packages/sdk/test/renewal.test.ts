import t from 'tap'
import { isApiError, NetworkError } from '../src/index.ts'
import { createGate, problem } from './fake-server.ts'
import { me, refresh, signIn } from './sign-in.ts'

const tokenLifeMs = 300_000

t.test('calls carry the access token of the session', async (t) => {
  const { server, client } = await signIn()
  t.equal((await client.users.me()).username, 'alice')
  t.equal(server.requests.at(-1)?.headers.get('authorization'), 'Bearer access-1')
})

t.test('operations for anyone are never sent with a token', async (t) => {
  const { server, client } = await signIn()
  await t.rejects(client.jwks())
  await t.rejects(client.token.verify({ token: 'x' }))
  for (const request of server.requests) t.notOk(request.headers.has('authorization'))
})

t.test('a token is renewed shortly before it expires, and no earlier', async (t) => {
  const { server, clock, client } = await signIn()
  clock.now = tokenLifeMs * 0.9 - 1
  await client.users.me()
  t.equal(server.count(refresh), 0)
  clock.now = tokenLifeMs * 0.9
  await client.users.me()
  t.equal(server.count(refresh), 1)
  t.equal(server.requests.at(-1)?.headers.get('authorization'), 'Bearer access-2')
})

t.test('the renewed token is again good for its whole life', async (t) => {
  const { server, clock, client } = await signIn()
  clock.now = tokenLifeMs
  await client.users.me()
  clock.now += tokenLifeMs * 0.9 - 1
  await client.users.me()
  t.equal(server.count(refresh), 1)
})

t.test('thirty calls on an expired token make one renewal', async (t) => {
  const { server, clock, client } = await signIn()
  clock.now = tokenLifeMs
  const users = await Promise.all(Array.from({ length: 30 }, () => client.users.me()))
  t.equal(users.length, 30)
  t.equal(server.count(refresh), 1)
  t.equal(server.count(me), 30)
})

t.test('thirty calls refused together make one renewal, and one replay each', async (t) => {
  const { server, client } = await signIn()
  server.refuseAccess()
  const users = await Promise.all(Array.from({ length: 30 }, () => client.users.me()))
  t.equal(users.length, 30)
  t.equal(server.count(refresh), 1)
  t.equal(server.count(me), 60)
})

t.test('a call refused again after the renewal is not replayed once more', async (t) => {
  const { server, client } = await signIn()
  server.on(me, () => problem(401, 'token_not_valid'))
  await t.rejects(client.users.me(), { code: 'token_not_valid' })
  t.equal(server.count(refresh), 1)
  t.equal(server.count(me), 2)
})

t.test('a call refused for another reason is not replayed', async (t) => {
  const { server, client } = await signIn()
  server.on(me, () => problem(403, 'permission_denied'))
  await t.rejects(client.users.me(), { code: 'permission_denied' })
  t.equal(server.count(refresh), 0)
  t.equal(server.count(me), 1)
})

t.test('a replay sends the body again', async (t) => {
  const { server, client } = await signIn()
  const change = { current_password: 'old', new_password: 'new' }
  server.on('POST /api/password/change/', ({ headers }) =>
    headers.get('authorization') === 'Bearer access-1'
      ? problem(401, 'token_not_valid')
      : new Response(null, { status: 204 }),
  )
  await client.password.change(change)
  t.same(server.requests.at(-1)?.body, change)
})

for (const [name, failure] of Object.entries({
  throttled: () => problem(429, 'throttled'),
  service_unavailable: () => problem(503, 'service_unavailable'),
  'a page of a proxy': () => new Response('<h1>Forbidden</h1>', { status: 403 }),
})) {
  t.test(`a renewal answered with ${name} does not end the session`, async (t) => {
    const { server, clock, client } = await signIn()
    let fails = true
    server.on(refresh, (request, before) => (fails ? failure() : before(request)))

    clock.now = tokenLifeMs - 1
    t.equal((await client.users.me()).username, 'alice', 'the old token is good to its end')

    clock.now = tokenLifeMs + 1_000
    const error = await client.users.me().catch((error) => error)
    t.ok(isApiError(error, 'users.me'), 'the call fails under its own name')
    t.equal(error.status, failure().status)
    t.equal(server.count(me), 1, 'the expired token is not sent')

    fails = false
    t.equal(await client.auth.isSignedIn(), true)
    clock.now += 60_000
    t.equal((await client.users.me()).username, 'alice')
  })
}

t.test('a renewal out of reach is tried again and does not end the session', async (t) => {
  const { server, clock, client } = await signIn()
  server.on(refresh, () => Promise.reject(new TypeError('fetch failed')))
  clock.now = tokenLifeMs
  await t.rejects(client.users.me(), NetworkError)
  t.equal(server.count(refresh), 3)
  t.equal(await client.auth.isSignedIn(), true)
})

t.test('a renewal whose answer is lost is asked for again at once', async (t) => {
  const { server, clock, client } = await signIn()
  let answer: Response | undefined
  server.on(refresh, async (request, before) => {
    if (answer) return answer
    answer = await before(request)
    throw new TypeError('connection reset')
  })
  clock.now = tokenLifeMs
  t.equal((await client.users.me()).username, 'alice')
  t.same(
    server.requests.slice(-3).map(({ body }) => body),
    [{ refresh: 'refresh-1' }, { refresh: 'refresh-1' }, undefined],
  )
})

for (const [status, code] of [
  [400, 'validation_failed'],
  [401, 'token_not_valid'],
  [403, 'permission_denied'],
] as const) {
  t.test(`a renewal refused with ${status} ends the session`, async (t) => {
    const { server, clock, client } = await signIn()
    server.on(refresh, () => problem(status, code))
    clock.now = tokenLifeMs
    await t.rejects(client.users.me(), { code: 'not_authenticated' })
    t.equal(await client.auth.isSignedIn(), false)
    await t.rejects(client.users.me(), { code: 'not_authenticated' })
    t.equal(server.count(refresh), 1)
  })
}

t.test('a session ended by the server is reported as token_not_valid, once', async (t) => {
  const { server, client } = await signIn()
  server.endAll()
  await t.rejects(client.users.me(), { code: 'token_not_valid' })
  t.equal(server.count(me), 1, 'there is nothing to replay with')
  t.equal(await client.auth.isSignedIn(), false)
})

t.test(
  'a call waiting for a renewal is not sent as the person who signs in meanwhile',
  async (t) => {
    const { server, clock, client } = await signIn()
    const gate = createGate()
    const asked = createGate()
    server.on(refresh, async (request, before) => {
      asked.open()
      await gate.passed
      return before(request)
    })
    clock.now = tokenLifeMs
    const deleted = client.users.deleteMe()
    await asked.passed
    await client.auth.signIn({ username: 'bob', password: 'staple-paper-clip' })
    gate.open()
    await t.rejects(deleted)
    t.equal(server.requests.at(-1)?.headers.get('authorization'), null)
    t.equal((await client.users.me()).username, 'bob', 'and the later sign-in stands')
  },
)

t.test('a refused call is not replayed as the person who signs in meanwhile', async (t) => {
  const { server, clock, client } = await signIn()
  server.on('DELETE /api/users/me/', async () => {
    clock.now += 1
    await client.auth.signIn({ username: 'bob', password: 'staple-paper-clip' })
    return problem(401, 'token_not_valid')
  })
  await t.rejects(client.users.deleteMe(), { code: 'token_not_valid' })
  t.equal(server.count('DELETE /api/users/me/'), 1)
  t.equal(server.count(refresh), 0)
})

t.test(
  'a call that is ended while it waits for a renewal ends at once, and sends nothing',
  async (t) => {
    const { server, clock, client } = await signIn()
    const gate = createGate()
    const asked = createGate()
    server.on(refresh, async (request, before) => {
      asked.open()
      await gate.passed
      return before(request)
    })
    clock.now = tokenLifeMs
    const controller = new AbortController()
    const reason = new Error('no longer wanted')
    const ended = client.users.deleteMe({ signal: controller.signal })
    const late = client.users.deleteMe({ deadlineMs: 1 })
    const other = client.users.me()
    await asked.passed
    await t.rejects(late, {
      name: 'TimeoutError',
      message: 'users.deleteMe: no answer within 1 ms',
    })
    controller.abort(reason)
    t.equal(await ended.catch((error) => error), reason)
    gate.open()
    t.equal((await other).username, 'alice', 'the renewal goes on for the others')
    t.equal(server.count('DELETE /api/users/me/'), 0)
  },
)

t.test('a call that brings its own Authorization is sent as it is', async (t) => {
  const { server, clock, client } = await signIn()
  clock.now = tokenLifeMs
  const headers = { Authorization: 'Bearer mine' }
  await t.rejects(client.users.me({ headers }), { code: 'token_not_valid' })
  t.equal(server.requests.at(-1)?.headers.get('authorization'), 'Bearer mine')
  t.equal(server.count(refresh), 0)
})
