import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { ProblemError } from '../../src/problem.ts'
import { createServer, password, startServer } from '../support/server.ts'
import { type Answer, createRefusals } from './refusals.ts'
import { exchange } from './sockets.ts'

/** ASVS 3.4.1, 3.4.3 to 3.4.6, 3.5.8, 14.3.2. */
const expected = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
}

const telling = ['server', 'x-powered-by', 'via', 'x-runtime', 'set-cookie']

function assertHeaders(t: Test, { headers, status, body }: Answer) {
  t.match(headers, expected)
  t.match(headers['x-request-id'], /^[0-9a-f-]{36}$/)
  t.same(
    Object.keys(headers).filter((name) => telling.includes(name)),
    [],
  )
  if (status >= 400) t.match(body, { request_id: headers['x-request-id'] })
  if (status === 401) t.match(headers['www-authenticate'], /^Bearer realm="rollcall"/)
}

const secretText = 'SELECT * FROM users at /srv/rollcall/src/db/store.ts'

/** The application, with routes that fail in every way a handler can. */
async function createFailing() {
  const server = await createServer(t)
  const fail = (path: string, error: unknown) =>
    server.app.get(path, async () => {
      throw error
    })
  fail('/throws', new Error(secretText))
  fail('/throws-text', secretText)
  fail('/throws-nothing', undefined)
  fail('/throws-status', Object.assign(new Error(secretText), { statusCode: 400 }))
  fail('/throws-teapot', Object.assign(new Error(secretText), { statusCode: 418 }))
  fail('/throws-unavailable', new ProblemError('service_unavailable', { retryAfter: 3 }))
  server.app.get('/bad-answer', { schema: { response: { 200: { type: 'integer' } } } }, async () =>
    Symbol('x'),
  )
  return server
}

const shared = await createFailing()

t.test(
  'ASVS 3.4.1, 3.4.4 to 3.4.6, 13.4.6, 14.2.2: every answer has the security headers, and none tells of us',
  async (t) => {
    const server = shared
    const { call, signUp } = server
    const caller = await signUp()
    const other = await signUp()
    const { access: token, refresh } = caller
    const newUser = { username: 'new', email: 'new@example.com', password }
    const large = { ...newUser, first_name: 'a'.repeat(70_000) }
    const answers: [status: number, answer: Promise<Answer>][] = [
      [200, call('GET', '/api/users/me/', { token })],
      [201, call('POST', '/api/register/', { body: newUser })],
      [400, call('POST', '/api/register/', { body: {} })],
      [400, call('POST', '/api/register/', { body: '{' })],
      [400, call('GET', '/%')],
      [401, call('GET', '/api/users/me/')],
      [401, call('GET', '/api/users/me/', { token: 'x' })],
      [401, call('POST', '/api/token/', { body: { username: 'nobody', password } })],
      [403, call('GET', `/api/users/${other.id}/`, { token })],
      [404, call('GET', '/nowhere')],
      [404, call('GET', `/api/users/${'a'.repeat(200)}/`, { token })],
      [405, call('PUT', '/api/token/')],
      [412, call('PATCH', '/api/users/me/', { token, body: {}, headers: { 'if-match': '"9"' } })],
      [413, call('POST', '/api/register/', { body: large })],
      [415, call('POST', '/api/token/', { body: 'a', headers: { 'content-type': 'text/plain' } })],
      [500, call('GET', '/throws')],
      [503, call('GET', '/throws-unavailable')],
    ]
    for (const [status, promise] of answers) {
      const answer = await promise
      t.equal(answer.status, status)
      assertHeaders(t, answer)
    }
    const change = { current_password: password, new_password: 'entirely-new-secret' }
    const changed = await call('POST', '/api/password/change/', { token, body: change })
    t.equal(changed.status, 204)
    assertHeaders(t, changed)
    const signedOut = await call('POST', '/api/logout/', { token, body: { refresh } })
    t.equal(signedOut.status, 205)
    assertHeaders(t, signedOut)
  },
)

t.test('a throttled answer has the security headers', async (t) => {
  const { call } = await createServer(t, { config: { limits: 'on' } })
  let answer = await call('POST', '/api/password/change/')
  while (answer.status !== 429) answer = await call('POST', '/api/password/change/')
  assertHeaders(t, answer)
})

t.test('what is refused before it is a request has the security headers too', async (t) => {
  const { url } = await startServer(t)
  for (const [status, text] of [
    [400, 'nonsense\r\n\r\n'],
    [400, 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'],
    [400, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
    [400, 'GET /% HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    [431, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`],
  ] as const) {
    const [answer, ...more] = await exchange(url, text)
    if (!answer) return t.fail(`no answer to ${text.slice(0, 50)}`)
    t.same(more, [])
    t.equal(answer.status, status)
    assertHeaders(t, answer)
  }
})

t.test('a HEAD that is refused before it is a request is answered without a body', async (t) => {
  const { url } = await startServer(t)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(`HEAD / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`)
  const answer = await text(socket)
  t.match(answer, /^HTTP\/1\.1 431 /)
  t.match(answer, /\r\n\r\n$/, 'which nothing follows')
})

t.test('ASVS 13.4.2, 16.5.1: a failure says nothing but its request_id', async (t) => {
  const { call } = shared
  const refusals = createRefusals()
  for (const path of ['/throws', '/throws-text', '/throws-nothing', '/throws-teapot']) {
    const answer = await call('GET', path)
    refusals.expect(path, answer, 'internal_error')
    t.notMatch(JSON.stringify(answer), /SELECT|srv|teapot/)
  }
  const own = await call('GET', '/throws-status')
  refusals.expect('an error of Fastify', own, 'parse_error')
  t.notMatch(JSON.stringify(own), /SELECT|srv/)
  refusals.expect('an answer that does not fit', await call('GET', '/bad-answer'), 'internal_error')
  const unavailable = await call('GET', '/throws-unavailable')
  refusals.expect('unavailable', unavailable, 'service_unavailable')
  t.equal(unavailable.headers['retry-after'], '3')
  refusals.assert(t, 7)
})

t.test('a 401 names the scheme, and whether it was the token (RFC 6750)', async (t) => {
  const { call } = shared
  const without = await call('GET', '/api/users/me/')
  t.equal(without.headers['www-authenticate'], 'Bearer realm="rollcall"')
  const wrong = await call('GET', '/api/users/me/', { token: 'x.y.z' })
  t.equal(wrong.headers['www-authenticate'], 'Bearer realm="rollcall", error="invalid_token"')
})

t.test('ASVS 1.2.2, 4.1.3: no header of a request changes a link in an answer', async (t) => {
  const { call, signUp } = shared
  const { access: token } = await signUp('root1', { is_superuser: true })
  const headers = {
    host: 'evil.example',
    forwarded: 'host=evil.example;proto=https',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-prefix': '/evil.example',
    'x-original-url': '/evil.example',
    'x-rewrite-url': '/evil.example',
    origin: 'https://evil.example',
    referer: 'https://evil.example',
  }
  const body = { username: 'linked', email: 'linked@example.com', password }
  const registered = await call('POST', '/api/register/', { body, headers })
  t.match(registered.headers.location, /^http:\/\/rollcall\.test\/api\/users\//)
  const page = await call('GET', '/api/users/?limit=1', { token, headers })
  t.match(page.body, { next: /^http:\/\/rollcall\.test\/api\/users\// })
  const index = await call('GET', '/api/', { headers })
  const refused = await call('GET', '/evil', { headers })
  t.match(refused.body, { type: /^http:\/\/rollcall\.test\// })
  t.notMatch(JSON.stringify([registered, page, index, refused]), 'evil.example')
})

t.test('ASVS 3.2.1: the answer is JSON whatever type is asked for', async (t) => {
  const { call } = shared
  for (const accept of ['text/html', 'application/xml', '*/*;q=0', 'image/png']) {
    const { headers } = await call('GET', '/api/', { headers: { accept } })
    t.equal(headers['content-type'], 'application/json; charset=utf-8')
  }
})

t.test('a request id that the caller sends is not taken over', async (t) => {
  const { call } = shared
  const { headers } = await call('GET', '/healthz', { headers: { 'x-request-id': 'mine' } })
  t.not(headers['x-request-id'], 'mine')
})
