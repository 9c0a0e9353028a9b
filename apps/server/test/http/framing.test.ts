import { connect } from 'node:net'
import type { ProblemCode } from '@rollcall/contract'
import t from 'tap'
import { startServer } from '../support/server.ts'
import { createRefusals } from './refusals.ts'
import { allRows } from './rows.ts'
import { answersOf, exchange } from './sockets.ts'

const host = 'Host: rollcall.test\r\n'
const close = `${host}Connection: close\r\n`
const json = `${close}Content-Type: application/json\r\n`
const registration = JSON.stringify({
  username: 'smuggled',
  email: 'smuggled@example.com',
  password: 'correct-horse-battery',
})

const post = (headers: string, body: string) =>
  `POST /api/register/ HTTP/1.1\r\n${json}${headers}\r\n${body}`

const chunked = (...chunks: string[]) =>
  chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')

const length = `Content-Length: ${registration.length}\r\n`
const transfer = 'Transfer-Encoding: chunked\r\n'

/** Each closes the connection after one refusal. */
const malformed: [what: string, bytes: string, code: ProblemCode][] = [
  ['nothing of HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc', 'parse_error'],
  ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'parse_error'],
  ['bare line feeds', 'GET /healthz HTTP/1.1\nHost: a\n\n', 'parse_error'],
  ['no version', 'GET /healthz\r\n\r\n', 'parse_error'],
  ['a method in lower case', `get /healthz HTTP/1.1\r\n${close}\r\n`, 'parse_error'],
  ['an unknown method', `FOO /healthz HTTP/1.1\r\n${close}\r\n`, 'parse_error'],
  ['a target without a slash', `GET healthz HTTP/1.1\r\n${close}\r\n`, 'parse_error'],
  ['a target that is no URL', `GET http://[ HTTP/1.1\r\n${close}\r\n`, 'parse_error'],
  ['raw bytes in the target', `GET /\xff HTTP/1.1\r\n${close}\r\n`, 'parse_error'],
  ['no host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 'parse_error'],
  ['two hosts', `GET /healthz HTTP/1.1\r\n${close}HOST: evil\r\n\r\n`, 'parse_error'],
  [
    'two authorizations',
    `GET /api/users/me/ HTTP/1.1\r\n${close}Authorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n`,
    'parse_error',
  ],
  ['NUL in a header', `GET /healthz HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`, 'parse_error'],
  ['a bare carriage return', `GET /healthz HTTP/1.1\r\n${host}X: a\rb\r\n\r\n`, 'parse_error'],
  ['a folded header', `GET /healthz HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n`, 'parse_error'],
  ['a space before the colon', `GET /healthz HTTP/1.1\r\n${host}X : a\r\n\r\n`, 'parse_error'],
  ['a header without a name', `GET /healthz HTTP/1.1\r\n${host}: a\r\n\r\n`, 'parse_error'],
  [
    'a header of 17 kB',
    `GET /healthz HTTP/1.1\r\n${host}X: ${'a'.repeat(17_000)}\r\n\r\n`,
    'headers_too_large',
  ],
  [
    '10,000 headers',
    `GET /healthz HTTP/1.1\r\n${host}${'X: a\r\n'.repeat(10_000)}\r\n`,
    'headers_too_large',
  ],
  ['a target of 70 kB', `GET /${'a'.repeat(70_000)} HTTP/1.1\r\n${host}\r\n`, 'headers_too_large'],
  ['two lengths', post(`${length}Content-Length: 9\r\n`, registration), 'parse_error'],
  ['the same length twice', post(`${length}${length}`, registration), 'parse_error'],
  ['a negative length', post('Content-Length: -5\r\n', registration), 'parse_error'],
  ['a length with a sign', post('Content-Length: +5\r\n', registration), 'parse_error'],
  ['a length in hexadecimal', post('Content-Length: 0x5\r\n', registration), 'parse_error'],
  ['a list of lengths', post('Content-Length: 5, 5\r\n', registration), 'parse_error'],
  ['an endless length', post(`Content-Length: ${'9'.repeat(20)}\r\n`, registration), 'parse_error'],
  ['a length of 1 GB', post('Content-Length: 1000000000\r\n', '{'), 'payload_too_large'],
  [
    'length and chunks',
    post(`${length}${transfer}`, `${chunked(registration)}0\r\n\r\n`),
    'parse_error',
  ],
  [
    'chunks and length',
    post(`${transfer}${length}`, `${chunked(registration)}0\r\n\r\n`),
    'parse_error',
  ],
  [
    'chunks that are not last',
    post('Transfer-Encoding: chunked, identity\r\n', `${chunked(registration)}0\r\n\r\n`),
    'parse_error',
  ],
  [
    'chunks twice',
    post(`${transfer}Transfer-Encoding: identity\r\n`, `${chunked(registration)}0\r\n\r\n`),
    'parse_error',
  ],
  [
    'an unknown transfer',
    post('Transfer-Encoding: xchunked\r\n', `${chunked(registration)}0\r\n\r\n`),
    'parse_error',
  ],
  ['a negative chunk', post(transfer, `-5\r\n${registration}\r\n0\r\n\r\n`), 'parse_error'],
  [
    'an endless chunk',
    post(transfer, `${'f'.repeat(17)}\r\n${registration}\r\n0\r\n\r\n`),
    'parse_error',
  ],
  ['a chunk of the wrong size', post(transfer, `5\r\n${registration}\r\n0\r\n\r\n`), 'parse_error'],
  ['chunks with bare line feeds', post(transfer, `2\n{}\n0\n\n`), 'parse_error'],
  [
    'chunks over the limit',
    post(transfer, `${chunked('a'.repeat(40_000), 'a'.repeat(40_000))}0\r\n\r\n`),
    'payload_too_large',
  ],
]

const shared = await startServer(t)

t.test(
  'ASVS 4.2.1: a request whose limits are in doubt is refused, and its connection closed',
  async (t) => {
    const { url, store } = shared
    const before = await allRows(store)
    const refusals = createRefusals()
    const smuggled = `GET /api/ HTTP/1.1\r\n${host}\r\n`
    for (const [what, bytes, code] of malformed) {
      const [answer, ...more] = await exchange(url, bytes + smuggled)
      if (!answer) t.fail(`no answer to ${what}`)
      else refusals.expect(what, answer, code)
      t.notOk(
        more.some(({ status }) => status !== 400),
        `${what}: what comes after it is no request`,
      )
    }
    refusals.assert(t, malformed.length)
    t.same(await allRows(store), before, 'nothing is stored')
  },
)

t.test('a body that ends early is not acted on', async (t) => {
  const { url, store } = shared
  const before = await allRows(store)
  const headers = `Content-Length: ${registration.length + 1}\r\n`
  const [answer] = await exchange(url, post(headers, registration), { thenEnd: true })
  t.match(answer, { status: 400 })
  const [second] = await exchange(url, post(transfer, chunked(registration)), { thenEnd: true })
  t.match(second, { status: 400 })
  t.same(await allRows(store), before, 'nothing is stored')
})

t.test('a chunked body is read whole, and its trailers are nothing', async (t) => {
  const { url, store } = shared
  const [start, end] = [registration.slice(0, 10), registration.slice(10)]
  const trailers = 'Host: evil\r\nAuthorization: Bearer x\r\n'
  const body = `a;ext=1\r\n${start}\r\n${chunked(end)}0\r\n${trailers}\r\n`
  const [answer] = await exchange(url, post(transfer, body))
  t.match(answer, { status: 201 })
  t.equal((await allRows(store)).users.length, 1)
})

const unusual: [what: string, bytes: string, status: number][] = [
  ['HTTP/1.0 without a host', 'GET /healthz HTTP/1.0\r\n\r\n', 200],
  ['an absolute URL', `GET http://evil/healthz HTTP/1.1\r\n${close}\r\n`, 200],
  ['an absolute URL with a user', `GET http://a:b@evil/healthz HTTP/1.1\r\n${close}\r\n`, 200],
  ['an absolute URL of another scheme', `GET ftp://a/healthz HTTP/1.1\r\n${close}\r\n`, 404],
  ['an absolute URL, wrong method', `PUT http://evil/healthz HTTP/1.1\r\n${close}\r\n`, 405],
  ['dot segments', `GET /api/users/../../healthz HTTP/1.1\r\n${close}\r\n`, 404],
  ['encoded dot segments', `GET /api/%2e%2e/healthz HTTP/1.1\r\n${close}\r\n`, 404],
  ['dot segments into files', `GET /docs/../../package.json HTTP/1.1\r\n${close}\r\n`, 404],
  ['a backslash', `GET /api\\users\\ HTTP/1.1\r\n${close}\r\n`, 404],
  ['an encoded slash', `GET /api%2Fusers/ HTTP/1.1\r\n${close}\r\n`, 404],
  ['an encoded letter', `GET /%68ealthz HTTP/1.1\r\n${close}\r\n`, 200],
  ['an encoded letter, wrong method', `PUT /%68ealthz HTTP/1.1\r\n${close}\r\n`, 405],
  ['no path but a bracket', `GET //[ HTTP/1.1\r\n${close}\r\n`, 404],
  ['the whole server', `OPTIONS * HTTP/1.1\r\n${close}\r\n`, 404],
  ['an unknown expectation', `GET /healthz HTTP/1.1\r\n${close}Expect: a\r\n\r\n`, 200],
  ['QUERY without a body', `QUERY /healthz HTTP/1.1\r\n${close}Content-Length: 0\r\n\r\n`, 405],
  ['TRACE', `TRACE /healthz HTTP/1.1\r\n${close}\r\n`, 405],
]

t.test('an unusual request is answered like any other', async (t) => {
  const { url } = shared
  for (const [what, bytes, status] of unusual) {
    const answers = await exchange(url, bytes)
    t.equal(answers.length, 1, what)
    t.equal(answers[0]?.status, status, what)
    if (status !== 200) t.match(answers[0]?.body, { status }, what)
  }
  t.same(await exchange(url, `CONNECT evil:443 HTTP/1.1\r\n${host}\r\n`), [], 'we are no proxy')
})

t.test('pipelined requests are answered in their order', async (t) => {
  const { url } = shared
  const requests = ['/healthz', '/api/users/me/', '/nowhere', '/readyz'].map(
    (path) => `GET ${path} HTTP/1.1\r\n${host}\r\n`,
  )
  const answers = await exchange(url, requests.join('') + post('Content-Length: 2\r\n', '{}'))
  t.same(
    answers.map(({ status }) => status),
    [200, 401, 404, 200, 400],
  )
})

t.test('who sends a flood ahead of the answers is cut off, and nobody waits for it', async (t) => {
  const { url } = shared
  const request = `GET /healthz HTTP/1.1\r\n${host}\r\n`
  const last = `GET /healthz HTTP/1.1\r\n${close}\r\n`
  t.equal((await exchange(url, request.repeat(99) + last)).length, 100)
  t.equal((await exchange(url, request.repeat(1_000) + last)).length, 0)
  t.equal((await exchange(url, last)).length, 1)
})

t.test('a client that waits for 100 Continue is told to go on, or why not', async (t) => {
  const { url } = shared
  const headers = 'Content-Length: 2\r\nExpect: 100-continue\r\n'
  const [first, second] = await exchange(url, post(headers, '{}'))
  t.equal(first?.status, 100)
  t.match(second?.body, { code: 'validation_failed' })
})

t.test('a request that comes while the server closes is still answered', async (t) => {
  const { url, close: stop } = await startServer(t)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const answers = answersOf(socket)
  // Once another connection is served, this one has been accepted.
  await (await fetch(`${url}/healthz`)).text()
  const stopped = stop()
  socket.write(`GET /healthz HTTP/1.1\r\n${host}\r\n`)
  t.match(await answers, [{ status: 200, headers: { connection: 'close' } }])
  await stopped
})
