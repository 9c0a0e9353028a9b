import t from 'tap'
import { createServer } from '../support/server.ts'
import { createRefusals } from './refusals.ts'

const origin = 'https://app.example'
const config = { corsOrigins: `${origin},https://other.example` }

t.test('ASVS 3.4.2: without origins configured, browsers of none may read an answer', async (t) => {
  const { call } = await createServer(t)
  const { headers } = await call('GET', '/api/', { headers: { origin } })
  t.notOk(headers['access-control-allow-origin'])
  const refusals = createRefusals()
  const preflight = await call('OPTIONS', '/api/users/', {
    headers: { origin, 'access-control-request-method': 'POST' },
  })
  refusals.expect('a preflight', preflight, 'method_not_allowed')
  refusals.assert(t, 1)
})

const allowing = await createServer(t, { config })

t.test('ASVS 3.4.2: browsers of the configured origins may call, others not', async (t) => {
  const { call } = allowing
  for (const [from, allowed] of [
    [origin, origin],
    ['https://other.example', 'https://other.example'],
    ['https://evil.example', undefined],
    ['https://app.example.evil.example', undefined],
    ['http://app.example', undefined],
    ['https://APP.example', undefined],
    ['null', undefined],
    ['', undefined],
  ]) {
    const { headers } = await call('GET', '/api/', { headers: { origin: from ?? '' } })
    t.equal(headers['access-control-allow-origin'], allowed, `${from}`)
    t.match(headers.vary, /origin/i)
  }
})

t.test('a preflight allows every method that the API has', async (t) => {
  const { call } = allowing
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    const { status, headers } = await call('OPTIONS', '/api/users/me/', {
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type,if-match,idempotency-key',
      },
    })
    t.equal(status, 204)
    t.equal(headers['access-control-allow-origin'], origin)
    t.match(headers['access-control-allow-methods'], method)
    t.match(headers['access-control-allow-headers'], 'if-match,idempotency-key')
  }
})

t.test('a browser may read a refusal, and when to try again', async (t) => {
  const { call } = await createServer(t, { config: { ...config, limits: 'on' } })
  let answer = await call('POST', '/api/password/change/', { headers: { origin } })
  t.equal(answer.status, 401)
  t.equal(answer.headers['access-control-allow-origin'], origin)
  while (answer.status !== 429) {
    answer = await call('POST', '/api/password/change/', { headers: { origin } })
  }
  t.equal(answer.headers['access-control-allow-origin'], origin)
  t.match(answer.headers['access-control-expose-headers'], 'retry-after')
  t.match(answer.headers['access-control-expose-headers'], 'etag')
  t.match(answer.headers['access-control-expose-headers'], 'idempotency-replayed')
  t.match(answer.headers['access-control-expose-headers'], 'ratelimit-remaining')
})

t.test('an OPTIONS that is no preflight is no failure', async (t) => {
  const { call } = allowing
  const { status } = await call('OPTIONS', '/api/users/')
  t.equal(status, 204)
})
