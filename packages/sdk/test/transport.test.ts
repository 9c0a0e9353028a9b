import t from 'tap'
import { createClient, NetworkError } from '../src/index.ts'
import { createFakeServer, json } from './fake-server.ts'

const user = { id: 'u1', username: 'alice' }

function setUp(baseUrl = 'http://rollcall.test') {
  const server = createFakeServer()
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    server.on(`${method} /api/users/u1/`, () => json(200, user, { etag: '"7"' }))
  }
  const client = createClient({ baseUrl, fetch: server.fetch })
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
  t.match(error.cause.message, /baseUrl/)
})

t.test('a server that does not answer in time is a NetworkError', async (t) => {
  const hangs = (_url: string, { signal }: RequestInit) => untilAborted(signal)
  const client = createClient({ baseUrl: 'http://rollcall.test', fetch: hangs, timeoutMs: 1 })
  await t.rejects(client.health.live(), {
    name: 'NetworkError',
    message: 'health.live: no answer within 1 ms',
  })
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
  const client = createClient({ baseUrl: 'http://rollcall.test', fetch: stalls, timeoutMs: 1 })
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

function untilAborted(signal: RequestInit['signal']): Promise<Response> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason))
  })
}
