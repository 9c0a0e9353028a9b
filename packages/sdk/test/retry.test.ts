import t from 'tap'
import { createClient, createClientOf, type KeyedOptions, TimeoutError } from '../src/index.ts'
import { auth } from '../src/parts.ts'
import { json, problem } from './fake-server.ts'
import { logout, signIn } from './sign-in.ts'

const user = 'users/u1/'
const options = { baseUrl: 'http://rollcall.test', sleep: async () => {} }

/** Answers the route with each of these in turn, and with success in the end. */
async function failing(route: string, ...failures: (() => Response | Promise<Response>)[]) {
  const { server, waits, client, newClient } = await signIn()
  const keys: (string | null)[] = []
  server.on(route, ({ headers }) => {
    keys.push(headers.get('idempotency-key'))
    return failures.shift()?.() ?? json(200, { id: 'u1' })
  })
  return { server, waits, client, newClient, keys }
}

const busy = () => problem(503, 'service_unavailable')
const lost = () => Promise.reject(new TypeError('connection reset'))

function throttled(seconds: number) {
  return () => {
    const answer = problem(429, 'throttled')
    answer.headers.set('retry-after', String(seconds))
    return answer
  }
}

for (const [name, failure] of Object.entries({
  'a lost answer': lost,
  'a busy server': busy,
  'a proxy that cannot reach it': () => new Response('<h1>Bad gateway</h1>', { status: 502 }),
  'a proxy that has waited for it': () => new Response('', { status: 504 }),
})) {
  t.test(`after ${name}, reading is tried again`, async (t) => {
    const { server, client } = await failing(`GET /api/${user}`, failure, failure)
    t.same(await client.users.get('u1'), { id: 'u1' })
    t.equal(server.count(`GET /api/${user}`), 3)
  })
}

t.test('so are replacing, deleting and signing out', async (t) => {
  for (const method of ['PUT', 'DELETE']) {
    const { server, client } = await failing(`${method} /api/${user}`, lost)
    const body = { username: 'alice', email: 'alice@example.com' }
    await (method === 'PUT' ? client.users.replace('u1', body) : client.users.delete('u1'))
    t.equal(server.count(`${method} /api/${user}`), 2)
  }
  const { server, client } = await failing(logout, lost)
  await client.auth.signOut()
  t.equal(server.count(logout), 2)
})

t.test('what could be done twice is not tried again', async (t) => {
  const route = 'POST /api/users/u1/password-link/'
  const { server, client } = await failing(route, lost)
  await t.rejects(client.users.passwordLink('u1'), { name: 'NetworkError' })
  t.equal(server.count(route), 1)

  const patched = await failing(`PATCH /api/${user}`, busy)
  await t.rejects(patched.client.users.update('u1', {}), { code: 'service_unavailable' })
  t.equal(patched.server.count(`PATCH /api/${user}`), 1)
})

t.test('a lost answer to a conditional change is not asked for again', async (t) => {
  const { server, client } = await failing(`DELETE /api/${user}`, lost)
  const options = { ifMatch: '"1"' }
  await t.rejects(client.users.delete('u1', options), { name: 'NetworkError' })
  t.equal(server.count(`DELETE /api/${user}`), 1, 'it would meet the state that it has made')

  const refused = await failing(`DELETE /api/${user}`, busy)
  await refused.client.users.delete('u1', options)
  t.equal(refused.server.count(`DELETE /api/${user}`), 2, 'a refusal has changed nothing')
})

for (const [status, code] of [
  [400, 'validation_failed'],
  [403, 'permission_denied'],
  [404, 'not_found'],
  [500, 'internal_error'],
] as const) {
  t.test(`a ${status} is not tried again`, async (t) => {
    const { server, client } = await failing(`GET /api/${user}`, () => problem(status, code))
    await t.rejects(client.users.get('u1'), { code })
    t.equal(server.count(`GET /api/${user}`), 1)
  })
}

t.test('it is tried as often as `retries` says, and then fails as it did last', async (t) => {
  const { server, client } = await failing(`GET /api/${user}`, lost, lost, busy, lost)
  await t.rejects(client.users.get('u1'), { code: 'service_unavailable' })
  t.equal(server.count(`GET /api/${user}`), 3, 'twice again unless said')
  const none = await failing(`GET /api/${user}`, lost)
  await t.rejects(none.client.users.get('u1', { retries: 0 }))
  t.equal(none.server.count(`GET /api/${user}`), 1)
})

t.test('the waits are random, and the bound doubles', async (t) => {
  const firsts = new Set<number>()
  for (let time = 0; time < 20; time += 1) {
    const { client, waits } = await failing(`GET /api/${user}`, lost, lost, lost, lost)
    await client.users.get('u1', { retries: 4 })
    waits.forEach((ms, index) => {
      t.ok(ms >= 0 && ms <= 250 * 2 ** index)
    })
    firsts.add(waits[0] ?? 0)
  }
  t.ok(firsts.size > 10, 'they differ')
})

t.test('Retry-After is waited for, and a little longer', async (t) => {
  const { client, waits } = await failing(`GET /api/${user}`, throttled(17))
  await client.users.get('u1')
  t.equal(waits.length, 1)
  t.ok((waits[0] ?? 0) >= 17_000 && (waits[0] ?? 0) <= 17_250)
})

t.test('a wait beyond the deadline is not begun', async (t) => {
  const { server, client, waits } = await failing(`GET /api/${user}`, throttled(17))
  await t.rejects(client.users.get('u1', { deadlineMs: 10_000 }), { code: 'throttled' })
  t.same(waits, [])
  t.equal(server.count(`GET /api/${user}`), 1)
})

t.test('the deadline ends an attempt too', async (t) => {
  const hangs = (_url: string, { signal }: RequestInit) =>
    new Promise<Response>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
  const client = createClient({ baseUrl: 'http://rollcall.test', fetch: hangs, deadlineMs: 1 })
  await t.rejects(client.health.live(), TimeoutError)
})

t.test('a call ended while it waits sends nothing more, and leaves no timer', async (t) => {
  const { server, newClient } = await failing(`GET /api/${user}`, throttled(50))
  const client = createClient({ baseUrl: 'http://rollcall.test', fetch: server.fetch })
  const controller = new AbortController()
  const reason = new Error('no longer wanted')
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const call = client.users.get('u1', { signal: controller.signal })
  await new Promise((resolve) => setImmediate(resolve))
  controller.abort(reason)
  t.equal(await call.catch((error) => error), reason)
  t.equal(server.count(`GET /api/${user}`), 1)
  const after = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  t.equal(after, before)
  t.ok(newClient)
})

/** The mark of the contract, whichever operations bear it. */
const keyed = { invitations: { create: 'POST /api/invitations/ body keyed' } }
const invitation = { username: 'bob', email: 'bob@example.com' }

t.test('what carries an Idempotency-Key is tried again, with the same key', async (t) => {
  const { server, keys } = await failing('POST /api/invitations/', lost, busy)
  const client = createClientOf(keyed, { ...options, fetch: server.fetch })
  await client.invitations.create(invitation)
  t.equal(keys.length, 3)
  t.match(keys[0], /^[\w-]{16,}$/)
  t.equal(new Set(keys).size, 1)

  await client.invitations.create(invitation)
  t.not(keys[3], keys[0], 'each call has a key of its own')
})

t.test('the first try still under way is waited for', async (t) => {
  const { keys, server } = await failing('POST /api/invitations/', lost, () =>
    json(409, { code: 'idempotency_in_flight' }, { 'retry-after': '1' }),
  )
  await createClientOf(keyed, { ...options, fetch: server.fetch }).invitations.create(invitation)
  t.equal(keys.length, 3)
})

t.test('a key may be given, so that the caller can repeat the call itself', async (t) => {
  const { keys, server } = await failing('POST /api/invitations/')
  const client = createClientOf(keyed, { ...options, fetch: server.fetch })
  const mine: KeyedOptions = { idempotencyKey: 'mine' }
  await client.invitations.create(invitation, mine)
  t.same(keys, ['mine'])
})

t.test('without randomness there is no key, and nothing is tried again', async (t) => {
  const { server, keys } = await failing('POST /api/invitations/', lost)
  const { crypto } = globalThis
  Object.defineProperty(globalThis, 'crypto', { configurable: true, value: undefined })
  t.teardown(() =>
    Object.defineProperty(globalThis, 'crypto', { configurable: true, value: crypto }),
  )
  const client = createClientOf(keyed, { ...options, fetch: server.fetch })
  await t.rejects(client.invitations.create(invitation), { name: 'NetworkError' })
  t.same(keys, [null])
})

t.test('a call that is replayed for its token keeps its key', async (t) => {
  const { server, keys } = await failing('POST /api/invitations/', () =>
    problem(401, 'token_not_valid'),
  )
  const client = createClientOf({ auth, ...keyed }, { ...options, fetch: server.fetch })
  await client.auth.signIn({ username: 'alice', password: 'correct-horse-battery' })
  await client.invitations.create(invitation)
  t.equal(keys.length, 2)
  t.equal(keys[0], keys[1])
})
