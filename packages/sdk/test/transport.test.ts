import t from 'tap'
import { createClient, createClientOf, NetworkError } from '../src/index.ts'
import { auth, users } from '../src/parts.ts'
import { createFakeServer, json } from './fake-server.ts'

const user = { id: 'u1', username: 'alice' }
const patient = { baseUrl: 'http://rollcall.test', retries: 0 }

function setUp(baseUrl = 'http://rollcall.test') {
  const server = createFakeServer()
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    server.on(`${method} /api/users/u1/`, () => json(200, user, { etag: '"7"' }))
  }
  const client = createClient({ baseUrl, fetch: server.fetch, retries: 0 })
  return { server, client, lastRequest: () => server.requests.at(-1) }
}

t.test('importing the package and making a client sends nothing', async (t) => {
  const { server } = setUp()
  t.same(server.requests, [])
})

t.test('slashes at the end of baseUrl do not matter, and a path in it is kept', async (t) => {
  for (const baseUrl of ['http://rollcall.test', 'http://rollcall.test//', 'http://a.test/b/']) {
    const { client, lastRequest } = setUp(baseUrl)
    await client.health.live().catch(() => {})
    t.equal(lastRequest()?.url.href, `${baseUrl.replace(/\/+$/, '')}/healthz`)
  }
})

t.test('a path parameter stays within its segment', async (t) => {
  const { client, lastRequest } = setUp()
  await t.rejects(client.users.get('../register?x#y'))
  t.equal(lastRequest()?.url.pathname, '/api/users/..%2Fregister%3Fx%23y/')
})

t.test(
  'an empty path parameter, and one of dots, is refused before anything is sent',
  async (t) => {
    const { client, server } = setUp()
    for (const id of ['', '.', '..']) await t.rejects(client.users.delete(id), TypeError)
    t.same(server.requests, [])
  },
)

t.test('a query carries what is given, and nothing for undefined', async (t) => {
  const { client, lastRequest } = setUp()
  const query = { search: 'a&b=ü', is_active: false, limit: 10, ordering: undefined }
  await t.rejects(client.users.list(query))
  t.equal(lastRequest()?.url.search, '?search=a%26b%3D%C3%BC&is_active=false&limit=10')
  await t.rejects(client.users.list())
  t.equal(lastRequest()?.url.href, 'http://rollcall.test/api/users/')
})

t.test('a body is sent as JSON, and only a body has a content type', async (t) => {
  const { client, lastRequest } = setUp()
  await client.users.update('u1', { first_name: null, address: 'a\nb' })
  t.same(lastRequest()?.body, { first_name: null, address: 'a\nb' })
  t.equal(lastRequest()?.headers.get('content-type'), 'application/json')
  await client.users.delete('u1')
  t.equal(lastRequest()?.body, undefined)
  t.equal(lastRequest()?.headers.get('content-type'), null)
})

t.test('header fields of a call are added, and replace the client’s own', async (t) => {
  const { client, lastRequest } = setUp()
  await client.users.get('u1', { headers: { 'X-Trace': '1', Accept: 'text/x' } })
  t.equal(lastRequest()?.headers.get('x-trace'), '1')
  t.equal(lastRequest()?.headers.get('accept'), 'text/x')
})

t.test('the ETag that withResponse gives can be sent back as ifMatch', async (t) => {
  const { client, lastRequest } = setUp()
  const { data, status, headers } = await client.users.get('u1').withResponse()
  t.same(data, user)
  t.equal(status, 200)
  await client.users.update('u1', {}, { ifMatch: headers.get('etag') ?? '' })
  t.equal(lastRequest()?.headers.get('if-match'), '"7"')
})

t.test('a failed call is reported once, to whoever takes the answer', async (t) => {
  const { client } = setUp()
  const unheard = t.captureFn(() => {})
  process.on('unhandledRejection', unheard)
  await t.rejects(client.users.get('u2').withResponse(), { code: 'not_found' })
  await t.rejects(client.users.get('u2'), { code: 'not_found' })
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', unheard)
  t.same(unheard.calls, [])
})

t.test('an answer without a body is undefined', async (t) => {
  const { client, server } = setUp()
  for (const status of [204, 205]) {
    server.on('DELETE /api/users/u1/', () => new Response(null, { status }))
    t.equal(await client.users.delete('u1'), undefined)
  }
})

t.test('a server out of reach is a NetworkError with the cause', async (t) => {
  const { client, server } = setUp()
  const cause = new TypeError('fetch failed')
  server.on('GET /healthz', () => Promise.reject(cause))
  await t.rejects(client.health.live(), { name: 'NetworkError', cause })
})

t.test('an answer that is not JSON is a NetworkError that names baseUrl', async (t) => {
  const { client, server } = setUp()
  server.on('GET /healthz', () => new Response('<!doctype html>'))
  const error = await client.health.live().catch((error) => error)
  t.type(error, NetworkError)
  t.match(error.message, /baseUrl/)
})

t.test('a server that does not answer in time is a NetworkError', async (t) => {
  const hangs = (_url: string, { signal }: RequestInit) => untilAborted(signal)
  const client = createClient({ ...patient, fetch: hangs, timeoutMs: 1 })
  const error = await client.health.live().catch((error) => error)
  t.type(error, NetworkError)
  t.match(error, { name: 'TimeoutError', message: 'health.live: no answer within 1 ms' })
})

t.test('a timeout of Infinity never comes', async (t) => {
  const answersLater = (_url: string, { signal }: RequestInit) =>
    new Promise<Response>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
      // Node takes Infinity for 1 ms: that timer would come before this one.
      setTimeout(() => resolve(json(200, { status: 'ok' })), 2)
    })
  const timeoutMs = Number.POSITIVE_INFINITY
  const client = createClient({ baseUrl: 'http://rollcall.test', fetch: answersLater, timeoutMs })
  t.same(await client.health.live(), { status: 'ok' })
})

t.test('a body that does not end in time is a NetworkError', async (t) => {
  const stalls = async (_url: string, { signal }: RequestInit) =>
    new Response(
      new ReadableStream({
        start: (c) => signal?.addEventListener('abort', () => c.error(signal.reason)),
      }),
    )
  const client = createClient({ ...patient, fetch: stalls, timeoutMs: 1 })
  await t.rejects(client.health.live(), { message: 'health.live: no answer within 1 ms' })
})

t.test('a call ended by its caller rejects with the caller’s reason', async (t) => {
  const hangs = (_url: string, { signal }: RequestInit) => untilAborted(signal)
  const client = createClient({ baseUrl: 'http://rollcall.test', fetch: hangs })
  const controller = new AbortController()
  const reason = new Error('no longer wanted')
  const call = client.health.live({ signal: controller.signal })
  controller.abort(reason)
  t.equal(await call.catch((error) => error), reason)

  const { client: other, server } = setUp()
  t.equal(await other.health.live({ signal: controller.signal }).catch((error) => error), reason)
  t.same(server.requests, [])
})

t.test('an answer tells its request id and how much more may be asked for', async (t) => {
  const { client, server } = setUp()
  const fields = { 'ratelimit-limit': '300', 'ratelimit-remaining': '7', 'ratelimit-reset': '42' }
  server.on('GET /healthz', () => json(200, {}, { 'x-request-id': 'r1', ...fields }))
  const { requestId, rateLimit } = await client.health.live().withResponse()
  t.equal(requestId, 'r1')
  t.same(rateLimit, { limit: 300, remaining: 7, resetSeconds: 42 })
  const nothing = { limit: undefined, remaining: undefined, resetSeconds: undefined }
  t.same((await client.users.get('u1').withResponse()).rateLimit, nothing)
})

t.test('header fields of the client go with every request, found out anew', async (t) => {
  const { server } = setUp()
  let count = 0
  const client = createClient({
    ...patient,
    fetch: server.fetch,
    headers: async () => ({ 'X-Count': String(++count), Accept: 'text/x' }),
  })
  await client.users.get('u1')
  await client.users.get('u1', { headers: { accept: 'text/y' } })
  t.same(
    server.requests.map(({ headers }) => [headers.get('x-count'), headers.get('accept')]),
    [
      ['1', 'text/x'],
      ['2', 'text/y'],
    ],
  )
})

t.test('an API key goes with what needs one, and nobody signs in', async (t) => {
  const { server } = setUp()
  let made = 0
  for (const apiKey of ['k1', () => 'k1', async () => `k${++made}`]) {
    const client = createClient({ ...patient, fetch: server.fetch, mode: 'apiKey', apiKey })
    await client.users.get('u1')
    t.equal(server.requests.at(-1)?.headers.get('authorization'), 'Bearer k1')
    await t.rejects(client.health.live())
    t.equal(server.requests.at(-1)?.headers.get('authorization'), null)
  }
})

t.test('a request can be seen and given header fields, and its answer seen', async (t) => {
  const { server } = setUp()
  const seen: unknown[] = []
  const client = createClient({
    ...patient,
    fetch: server.fetch,
    onRequest: async ({ operation, method, url, headers, attempt }) => {
      headers.set('traceparent', 't')
      seen.push([operation, method, url, attempt])
    },
    onResponse: ({ operation, status, headers, attempt }) =>
      seen.push([operation, status, headers.get('etag'), attempt]),
  })
  await client.users.get('u1')
  t.equal(server.requests[0]?.headers.get('traceparent'), 't')
  t.same(seen, [
    ['users.get', 'GET', 'http://rollcall.test/api/users/u1/', 1],
    ['users.get', 200, '"7"', 1],
  ])
})

t.test('the logger hears of each request, and of no token', async (t) => {
  const { server } = setUp()
  const lines: string[] = []
  const logger = { debug: (line: string) => lines.push(line), warn: () => {} }
  const client = createClient({ ...patient, fetch: server.fetch, logger })
  await client.auth.signIn({ username: 'alice', password: 'correct-horse-battery' })
  await client.users.me()
  t.match(lines, ['POST token.create: 200', 'GET users.me: 200'])
  t.notMatch(lines.join(), /access-|refresh-|correct-horse/)
})

t.test('a redirect is not followed: tokens and passwords go nowhere else', async (t) => {
  let mode: string | undefined
  const client = createClient({
    ...patient,
    fetch: async (_url, { redirect }) => {
      mode = redirect
      return new Response(null, { status: 307, headers: { location: 'https://evil.test/' } })
    },
  })
  const credentials = { username: 'alice', password: 'correct-horse-battery' }
  await t.rejects(client.auth.signIn(credentials), { name: 'NetworkError' })
  t.equal(mode, 'manual')
})

t.test('a call leaves no timer behind, however it ends', async (t) => {
  const { client, server } = setUp()
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  await client.auth.signIn({ username: 'alice', password: 'correct-horse-battery' })
  await client.users.me()
  await t.rejects(client.users.get('u2'))
  server.on('GET /healthz', () => Promise.reject(new TypeError('fetch failed')))
  await t.rejects(client.health.live())
  await t.rejects(client.users.get('u1', { signal: AbortSignal.abort() }))
  await client.auth.signOut()
  t.equal(timers(), before)
})

t.test('a client without a server is refused when it is made', async (t) => {
  // @ts-expect-error nor does it compile
  t.throws(() => createClient({}), { name: 'TypeError', message: /baseUrl/ })
})

t.test('a client of some parts has those alone', async (t) => {
  const { server } = setUp()
  const client = createClientOf({ users }, { ...patient, fetch: server.fetch })
  t.same(Object.keys(client), ['users'])
  t.same(await client.users.get('u1'), user)
  const withAuth = createClientOf({ auth, users }, { ...patient, fetch: server.fetch })
  await withAuth.auth.signIn({ username: 'alice', password: 'correct-horse-battery' })
  t.equal((await withAuth.users.me()).username, 'alice')
})

function untilAborted(signal: RequestInit['signal']): Promise<Response> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason))
  })
}
