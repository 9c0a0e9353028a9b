import t from 'tap'
import { ApiError, createClient, isApiError, NetworkError, TimeoutError } from '../src/index.ts'
import { problem } from './fake-server.ts'
import { me, refresh, signIn } from './sign-in.ts'

async function refusedWith(answer: () => Response) {
  const { server, client } = await signIn({ retries: 0 })
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

t.test('isApiError finds what is wrong with a member', async (t) => {
  const errors = [{ field: 'email', code: 'unique', detail: 'Taken.' }]
  const error = await refusedWith(() => problem(400, 'validation_failed', { errors }))
  t.equal(isApiError(error, 'unique'), true)
  t.equal(isApiError(error, 'required'), false)
  t.same(error.field('email'), errors[0])
  t.equal(error.field('username'), undefined)

  const ofProxy = await refusedWith(() => new Response('', { status: 502 }))
  t.equal(isApiError(ofProxy, 'unknown'), false, 'which is asked of members')
})

t.test('isApiError and isNetworkError work across copies of the package', async (t) => {
  const copy = await import(new URL('../src/errors.ts?copy', import.meta.url).href)
  const error = await refusedWith(() => problem(404, 'not_found'))
  t.notOk(error instanceof copy.ApiError)
  t.equal(copy.isApiError(error, 'not_found'), true)
  t.equal(copy.isNetworkError(error), false)
  for (const failure of [new NetworkError('x'), new TimeoutError('x')]) {
    t.notOk(failure instanceof copy.NetworkError)
    t.equal(copy.isNetworkError(failure), true)
    t.equal(copy.isApiError(failure), false)
  }
})

t.test('safe gives the data, or why there is none, as a value', async (t) => {
  const { server, client } = await signIn({ retries: 0 })
  t.match(await client.users.me().safe(), { ok: true, data: { username: 'alice' } })
  server.on(me, () => problem(403, 'permission_denied'))
  t.match(await client.users.me().safe(), { ok: false, error: { code: 'permission_denied' } })
  server.on(me, () => Promise.reject(new TypeError('fetch failed')))
  t.match(await client.users.me().safe(), { ok: false, error: { name: 'NetworkError' } })
})

t.test('signing in and out can be looked at as values too', async (t) => {
  const { server, client } = await signIn()
  t.match(await client.auth.signOut().safe(), { ok: true })
  server.on('POST /api/token/', () => problem(401, 'no_active_account'))
  const outcome = await client.auth.signIn({ username: 'alice', password: 'wrong' }).safe()
  t.match(outcome, { ok: false, error: { code: 'no_active_account' } })
  t.match(await client.auth.loadUser().safe(), { ok: true, data: null })
})

t.test('safe still rejects with what the caller has brought about', async (t) => {
  const { client } = await signIn()
  await t.rejects(client.users.get('').safe(), TypeError)
  const reason = new Error('no longer wanted')
  const call = client.users.me({ signal: AbortSignal.abort(reason) }).safe()
  t.equal(await call.catch((error) => error), reason)
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
    clock.now += 60_000
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

t.test('a value that no header field can carry is not quoted', async (t) => {
  const secret = 'rck_secret\nkey'
  const { server } = await signIn()
  for (const options of [
    { mode: 'apiKey', apiKey: secret },
    { headers: { Authorization: `Bearer ${secret}` } },
  ] as const) {
    const client = createClient({
      baseUrl: 'http://rollcall.test',
      fetch: server.fetch,
      ...options,
    })
    const error = await client.users.me().catch((error) => error)
    t.match(error, { name: 'TypeError', message: /authorization/i })
    t.notMatch(everything(error), /rck_/)
  }
  const { client } = await signIn()
  const headers = { Authorization: `Bearer ${secret}` }
  t.notMatch(everything(await client.users.me({ headers }).catch((error) => error)), /rck_/)
})

/** All that the error and its causes hold, hidden members too. */
function everything(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? ''
  const members = Object.getOwnPropertyNames(error).filter((name) => name !== 'cause')
  const own = members.map((name) => JSON.stringify(Reflect.get(error, name)))
  return [...own, error.cause ? everything(error.cause) : ''].join('\n')
}
