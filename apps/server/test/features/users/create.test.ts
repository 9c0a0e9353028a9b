import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const { call, signUp, store } = await createServer(t, { database })
  const root = await signUp('root', { is_superuser: true })
  const alice = await signUp('alice')
  const body = { username: 'admin', email: 'admin@example.com' }

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

  await t.test('ASVS 6.4.6: 403 staff choose no password; nothing is made', async (t) => {
    const before = await store.read.$count(store.tables.users)
    const chosen = { username: 'bob', email: 'bob@example.com', password }
    const answer = await call('POST', '/api/users/', { token: root.access, body: chosen })
    t.match(answer, { status: 403, body: { code: 'permission_denied' } })
    t.same(fieldCodes(answer), { password: 'read_only' })
    t.equal(await store.read.$count(store.tables.users), before)
  })

  await t.test('a link lets the holder alone choose the password', async (t) => {
    const made = await call('POST', '/api/users/', {
      token: root.access,
      body: { username: 'carol', email: 'carol@example.com' },
    })
    const signIn = () => call('POST', '/api/token/', { body: { username: 'carol', password } })
    t.equal((await signIn()).status, 401)
    const path = `/api/users/${made.body.id}/password-link/`
    const link = await call('POST', path, { token: root.access })
    const token = new URL(link.body.url).hash.slice(1)
    await call('POST', '/api/password/set/', { body: { token, new_password: password } })
    t.equal((await signIn()).status, 200)
  })

  await t.test('201 with a password where the settings let staff choose it', async (t) => {
    const config = { staffPasswords: 'allowed' } as const
    const lenient = await createServer(t, { database, config })
    const { access: token } = await lenient.signUp('root', { is_superuser: true })
    const send = (secret: string) =>
      lenient.call('POST', '/api/users/', {
        token,
        body: { username: 'dave', email: 'dave@example.com', password: secret },
      })
    t.same(fieldCodes(await send('password123')), { password: 'password_too_common' })
    t.equal((await send(password)).status, 201)
    const body = { username: 'dave', password }
    t.equal((await lenient.call('POST', '/api/token/', { body })).status, 200)
  })

  await t.test('400 by the rules of registration', async (t) => {
    const answer = await call('POST', '/api/users/', {
      token: root.access,
      body: { ...body, username: 'x y', is_staff: 'yes' },
    })
    t.same(fieldCodes(answer), { username: 'invalid', is_staff: 'invalid' })
  })
})
