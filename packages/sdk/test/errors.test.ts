import t from 'tap'
import { ApiError, isApiError, NetworkError } from '../src/index.ts'
import { problem } from './fake-server.ts'
import { me, refresh, signIn } from './sign-in.ts'

async function refusedWith(answer: () => Response) {
  const { server, client } = await signIn()
  server.on(me, answer)
  return client.users.me().catch((error) => error)
}

t.test('an ApiError says all that the problem says', async (t) => {
  const errors = [{ field: 'email', code: 'unique', detail: 'Taken.' }]
  const error = await refusedWith(() => problem(400, 'validation_failed', { errors }))
  t.type(error, ApiError)
  t.match(error, {
    name: 'ApiError',
    operation: 'users.me',
    status: 400,
    code: 'validation_failed',
    detail: 'Detail of validation_failed.',
    message: 'users.me: 400 validation_failed: Detail of validation_failed.',
    requestId: 'request-1',
    retryAfter: undefined,
    fields: errors,
  })
})

t.test('Retry-After is given in seconds', async (t) => {
  const error = await refusedWith(() => {
    const answer = problem(429, 'throttled')
    answer.headers.set('retry-after', '17')
    return answer
  })
  t.equal(error.retryAfter, 17)
})

t.test('a code of a later server comes through as it is', async (t) => {
  const error = await refusedWith(() => problem(418, 'teapot'))
  t.equal(error.code, 'teapot')
  t.ok(isApiError(error, 'users.me'))
})

t.test('a page of a proxy is an ApiError of the code unknown', async (t) => {
  for (const body of ['<h1>Bad gateway</h1>', '', '[]', 'null', '"text"']) {
    const error = await refusedWith(() => new Response(body, { status: 502 }))
    t.match(error, { name: 'ApiError', status: 502, code: 'unknown', requestId: undefined })
    t.same(error.fields, [])
  }
})

t.test('isApiError narrows by operation and by code', async (t) => {
  const error = await refusedWith(() => problem(403, 'permission_denied'))
  t.equal(isApiError(error), true)
  t.equal(isApiError(error, 'users.me'), true)
  t.equal(isApiError(error, 'users.get'), false)
  t.equal(isApiError(error, 'permission_denied'), true)
  t.equal(isApiError(error, 'not_found'), false)
  for (const other of [new NetworkError('x'), new Error('x'), undefined, null, 'x', {}]) {
    t.equal(isApiError(other), false)
    t.equal(isApiError(other, 'not_found'), false)
  }
})

t.test('isApiError works across copies of the package', async (t) => {
  const copy = await import(new URL('../src/errors.ts?copy', import.meta.url).href)
  const error = await refusedWith(() => problem(404, 'not_found'))
  t.notOk(error instanceof copy.ApiError)
  t.equal(copy.isApiError(error, 'not_found'), true)
})

t.test('no error holds a token or a password', async (t) => {
  const { server, clock, client } = await signIn()
  const failures = [
    () => problem(401, 'token_not_valid'),
    () => problem(503, 'service_unavailable'),
    () => Promise.reject(new TypeError('fetch failed')),
    () => new Response('{"access":"access-2","refresh":"refresh-2"', { status: 200 }),
  ]
  clock.now = 300_000
  for (const failure of failures) {
    server.on('POST /api/token/', failure)
    server.on(refresh, failure)
    const credentials = { username: 'alice', password: 'correct-horse-battery' }
    const calls = [client.users.me(), client.auth.signIn(credentials)]
    for (const call of calls) {
      const error = await call.then(
        () => t.fail('it succeeded'),
        (error: Error) => error,
      )
      t.notMatch(everything(error), /access-\d|refresh-\d|correct-horse/)
    }
  }
})

/** All that the error and its causes hold, hidden members too. */
function everything(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? ''
  const members = Object.getOwnPropertyNames(error).filter((name) => name !== 'cause')
  const own = members.map((name) => JSON.stringify(Reflect.get(error, name)))
  return [...own, error.cause ? everything(error.cause) : ''].join('\n')
}
