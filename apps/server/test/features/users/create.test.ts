import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const { call, signUp, store } = await createServer(t, { database })
  const root = await signUp('root', { is_superuser: true })
  const alice = await signUp('alice')
  const body = { username: 'admin', email: 'admin@example.com', password }

  await t.test('403 without users.create; nothing is made', async (t) => {
    const before = await store.read.$count(store.tables.users)
    const answer = await call('POST', '/api/users/', { token: alice.access, body })
    t.equal(answer.status, 403)
    t.equal(await store.read.$count(store.tables.users), before)
  })

  await t.test('201 may set flags and take a reserved username', async (t) => {
    const flags = { is_staff: true, is_superuser: true, is_active: false }
    const answer = await call('POST', '/api/users', {
      token: root.access,
      body: { ...body, ...flags },
    })
    t.equal(answer.status, 201)
    t.match(answer.body, { username: 'admin', ...flags })
  })

  await t.test('an account made inactive cannot sign in', async (t) => {
    const answer = await call('POST', '/api/token/', { body: { username: 'admin', password } })
    t.equal(answer.body.code, 'no_active_account')
  })

  await t.test('400 by the rules of registration', async (t) => {
    const answer = await call('POST', '/api/users/', {
      token: root.access,
      body: { ...body, username: 'x y', is_staff: 'yes', password: 'password123' },
    })
    t.same(fieldCodes(answer), { username: 'invalid', is_staff: 'invalid' })
  })
})
