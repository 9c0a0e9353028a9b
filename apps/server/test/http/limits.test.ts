import { listEndpoints } from '@rollcall/contract'
import t, { type Test } from 'tap'
import { rateLimits } from '../../src/limits.ts'
import { createServer, type TestOptions } from '../support/server.ts'
import { createRefusals } from './refusals.ts'

/** Calls from the address; the body is wrong, since only the number of calls counts. */
async function createCaller(t: Test, config: TestOptions['config'] = {}) {
  const server = await createServer(t, { config: { limits: 'on', ...config } })
  return async (url: string, remoteAddress: string, headers: Record<string, string> = {}) => {
    const method = /token|password|register/.test(url) ? 'POST' : 'GET'
    const answer = await server.app.inject({ method, url, remoteAddress, headers })
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
  }
}

type Caller = Awaited<ReturnType<typeof createCaller>>

/** How many calls are let through before the first that is throttled. */
async function countCalls(call: Caller, url: string, addressOf: (count: number) => string) {
  for (let count = 0; ; count += 1) {
    const { status } = await call(url, addressOf(count))
    if (status === 429) return count
  }
}

const urls = {
  'token.create': '/api/token/',
  'token.refresh': '/api/token/refresh/',
  'token.reauthenticate': '/api/token/reauthenticate/',
  register: '/api/register/',
  'password.change': '/api/password/change/',
  'password.set': '/api/password/set/',
  'users.export': '/api/users/export/',
  others: '/api/users/me/',
} satisfies Record<keyof typeof rateLimits, string>

const call = await createCaller(t)

t.test(
  'ASVS 2.4.1, 6.1.1, 6.3.1, 6.6.3: an address may call so often, and not once more',
  async (t) => {
    for (const [name, { max, windowSeconds }] of Object.entries(rateLimits)) {
      const url = urls[name as keyof typeof rateLimits]
      t.equal(await countCalls(call, url, () => '192.0.2.1'), max, name)

      const refused = await call(url, '192.0.2.1')
      const refusals = createRefusals()
      refusals.expect(name, refused, 'throttled')
      refusals.assert(t, 1)
      const { 'retry-after': seconds, ...headers } = refused.headers
      t.ok(Number(seconds) > 0 && Number(seconds) <= windowSeconds)
      t.equal(headers['ratelimit-limit'], `${max}`)
      t.equal(headers['ratelimit-remaining'], '0')
      t.ok(Number(headers['ratelimit-reset']) > 0)

      t.not((await call(url, '192.0.2.2')).status, 429, 'another address is let through')
      t.equal((await call('/healthz', '192.0.2.1')).status, 200, 'health is never throttled')
      t.equal((await call('/readyz', '192.0.2.1')).status, 200)
    }
  },
)

t.test('a limit of its own leaves the other operations alone', async (t) => {
  await countCalls(call, '/api/password/change/', () => '192.0.2.3')
  t.equal((await call('/api/users/me/', '192.0.2.3')).status, 401)
  t.equal((await call('/api/token/', '192.0.2.3')).status, 400)
})

t.test('both spellings of a path, and paths that are not there, count', async (t) => {
  const spellings = ['/api/password/change/', '/api/password/change']
  let count = 0
  while ((await call(spellings[count % 2] ?? '', '192.0.2.4')).status !== 429) count += 1
  t.equal(count, rateLimits['password.change'].max)
  const left = async (url: string) =>
    Number((await call(url, '192.0.2.4')).headers['ratelimit-remaining'])
  const before = await left('/nowhere')
  t.equal(await left('/nowhere/else'), before - 1)
  t.equal(await left('/api/users/'), before - 2)
})

t.test('the whole network of one IPv6 address counts as one', async (t) => {
  const limit = rateLimits['password.change'].max
  const addressOf = (count: number) => `2001:db8:0:1:${count.toString(16)}::1`
  t.equal(await countCalls(call, '/api/password/change/', addressOf), limit)
  t.equal((await call('/api/password/change/', '2001:db8:0:2::1')).status, 401)
})

t.test('ASVS 4.1.3, 15.3.4: X-Forwarded-For is believed from trusted proxies alone', async (t) => {
  const limit = rateLimits['password.change'].max
  const spread = async (call: Caller) => {
    for (let count = 0; count < limit * 2; count += 1) {
      const headers = {
        'x-forwarded-for': `198.51.100.${count}`,
        'x-real-ip': `198.51.100.${count}`,
        forwarded: `for=198.51.100.${count}`,
        'cf-connecting-ip': `198.51.100.${count}`,
      }
      const { status } = await call('/api/password/change/', '192.0.2.5', headers)
      if (status === 429) return count
    }
    return undefined
  }
  t.equal(await spread(call), limit, 'by default')
  t.equal(await spread(await createCaller(t, { trustedProxies: '192.0.2.9' })), limit, 'another')
  const behindProxy = await createCaller(t, { trustedProxies: '192.0.2.0/24' })
  t.equal(await spread(behindProxy), undefined)
  let count = 0
  const forged = () => ({ 'x-forwarded-for': `203.0.113.${count % 200}, 198.51.100.200` })
  while ((await behindProxy('/api/password/change/', '192.0.2.1', forged())).status !== 429) {
    count += 1
  }
  t.equal(count, limit, 'what the client has put before the proxy’s entry counts for nothing')
})

t.test('a throttled sign-in tries no password', async (t) => {
  const { call, signUp, store } = await createServer(t, { config: { limits: 'on' } })
  const { username } = await signUp()
  let status = 0
  while (status !== 429) ({ status } = await call('POST', '/api/token/', { body: {} }))
  const sessions = await store.read.select().from(store.tables.sessions)
  const refused = await call('POST', '/api/token/', {
    body: { username, password: 'correct-horse-battery' },
  })
  t.equal(refused.status, 429)
  t.same(await store.read.select().from(store.tables.sessions), sessions, 'no session is opened')
})

t.test('each operation has its own limit or shares that of all others', async (t) => {
  const { call } = await createServer(t, { config: { limits: 'on' } })
  for (const [operationId, { method, path }] of listEndpoints()) {
    const { headers } = await call(method, path.replace(':id', 'x'))
    const limit = operationId.startsWith('health.') ? undefined : limitOf(operationId)
    t.equal(headers['ratelimit-limit'], limit && String(limit), operationId)
  }
})

t.test('every limit is that of an operation', async (t) => {
  const operations = new Set(listEndpoints().map(([operationId]) => operationId))
  for (const name of Object.keys(rateLimits)) {
    t.ok(name === 'others' || operations.has(name), name)
  }
})

t.test('nothing is counted where the limits are off', async (t) => {
  const { call } = await createServer(t)
  const { headers } = await call('POST', '/api/password/set/', { body: {} })
  t.equal(headers['ratelimit-limit'], undefined)
})

function limitOf(operationId: string): number {
  const limits: Record<string, { readonly max: number }> = rateLimits
  return (limits[operationId] ?? rateLimits.others).max
}

t.test('an address is let through again in time, whatever the clock is set to', async (t) => {
  const call = await createCaller(t)
  const { now } = Date
  const { max, windowSeconds } = rateLimits['password.set']
  const url = urls['password.set']
  Date.now = () => now() + 365 * 86_400_000
  t.teardown(() => {
    Date.now = now
  })
  await call(url, '192.0.2.1')
  Date.now = now
  t.equal(await countCalls(call, url, () => '192.0.2.1'), max - 1)
  const { headers } = await call(url, '192.0.2.1')
  t.ok(Number(headers['retry-after']) <= windowSeconds)
})
