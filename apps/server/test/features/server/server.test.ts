import { listEndpoints } from '@rollcall/contract'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const server = await createServer(t, { database })
  const { call } = server

  await t.test('GET /api/ links every operation by its id', async (t) => {
    const { status, body } = await call('GET', '/api/')
    t.equal(status, 200)
    t.same(
      Object.keys(body),
      listEndpoints().map(([operationId]) => operationId),
    )
    t.same(body['users.get'], { method: 'GET', href: 'http://rollcall.test/api/users/{id}/' })
    t.same((await call('GET', '/api')).body, body)
  })

  await t.test(
    'ASVS 11.6.1: the public keys are EdDSA, and no private half is among them',
    async (t) => {
      const { body, headers } = await call('GET', '/.well-known/jwks.json')
      t.equal(body.keys.length, 1)
      const [key] = body.keys
      t.same(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'])
      t.match(key, { alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519', use: 'sig' })
      t.equal(headers['cache-control'], 'public, max-age=300')
    },
  )

  await t.test('the signing keys are kept encrypted', async (t) => {
    const [row] = await server.store.read.select().from(server.store.tables.signingKeys)
    const [key] = await server.keys.open()
    t.match(key?.privateKey, 'PRIVATE KEY')
    const secret = key?.privateKey.split('\n')[1] ?? ''
    t.notOk(JSON.stringify(row).includes(secret.slice(-43)))
  })

  await t.test('a healthy server says so', async (t) => {
    t.same((await call('GET', '/healthz')).body, { status: 'ok' })
    t.same((await call('GET', '/readyz')).body, { status: 'ok' })
  })

  await t.test('ASVS 16.5.2: without its database it lives, and is not ready', async (t) => {
    const broken = await createServer(t, { database })
    broken.store.check = () => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' }))
    t.equal((await broken.call('GET', '/healthz')).status, 200)
    const answer = await broken.call('GET', '/readyz')
    t.equal(answer.status, 503)
    t.equal(answer.headers['retry-after'], '1')
  })

  await t.test('ASVS 16.5.3: when what guards it fails, nobody is let in', async (t) => {
    const broken = await createServer(t, { database, config: { limits: 'on' } })
    const { access } = await broken.signUp('alice')
    const gone = () => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' }))
    const { write } = broken.store
    broken.store.write = gone
    const signIn = { body: { username: 'alice', password } }
    const right = await broken.call('POST', '/api/token/', signIn)
    t.match(right, { status: 503, body: { code: 'service_unavailable' } })
    const wrong = { body: { username: 'alice', password: 'wrong' } }
    t.equal((await broken.call('POST', '/api/token/', wrong)).status, 503)
    broken.store.write = write
    broken.sessions.findPrincipal = gone
    t.equal((await broken.call('GET', '/api/users/me/', { token: access })).status, 503)
  })

  await t.test('it is not ready while a migration is pending, or without a key', async (t) => {
    const behind = await createServer(t, { database })
    behind.store.pendingMigrations = async () => ['0099_later']
    t.match(await behind.call('GET', '/readyz'), { status: 503, body: { detail: /migrated/ } })

    const keyless = await createServer(t, { database })
    await keyless.store.write((tx) => tx.delete(keyless.store.tables.signingKeys))
    t.match(await keyless.call('GET', '/readyz'), { status: 503, body: { detail: /key/ } })
  })

  await t.test('it stays ready when a newer version has migrated its database', async (t) => {
    const older = await createServer(t, { database })
    older.store.pendingMigrations = () => Promise.reject(new Error('newer'))
    t.equal((await older.call('GET', '/readyz')).status, 200)
  })
})
