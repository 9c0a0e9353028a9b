import { listEndpoints } from '@rollcall/contract'
import t from 'tap'
import { rateLimits } from '../../src/limits.ts'
import { createServer } from '../support/server.ts'

const { max, windowSeconds } = rateLimits['password.set']

t.test('ASVS 2.4.1: an address may call so often as is documented', async (t) => {
  const { call } = await createServer(t, {
    config: { limits: 'on', trustedProxies: '127.0.0.1' },
  })
  const callFrom = (ip: string) =>
    call('POST', '/api/password/set/', { body: {}, headers: { 'x-forwarded-for': ip } })

  for (let count = 1; count <= max; count += 1) {
    const { status, headers } = await callFrom(`2001:db8::${count}`)
    t.equal(status, 400)
    t.equal(headers['ratelimit-limit'], String(max))
    t.equal(headers['ratelimit-remaining'], String(max - count))
    t.ok(Number(headers['ratelimit-reset']) <= windowSeconds)
  }
  const refused = await callFrom('2001:db8::ffff')
  t.equal(refused.status, 429)
  t.equal(refused.body.code, 'throttled')
  t.ok(Number(refused.headers['retry-after']) > 0)
  t.equal((await callFrom('2001:db8:0:1::1')).status, 400, 'another network is not concerned')
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

t.test('ASVS 4.1.3: an address is taken from a trusted proxy alone', async (t) => {
  const { call } = await createServer(t, { config: { limits: 'on' } })
  const callAs = (ip: string) =>
    call('POST', '/api/password/set/', { body: {}, headers: { 'x-forwarded-for': ip } })
  await callAs('192.0.2.1')
  const { headers } = await callAs('192.0.2.2')
  t.equal(headers['ratelimit-remaining'], String(max - 2))
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
