import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const { call, signUp } = await createServer(t, { database })
  const root = await signUp('root', { is_superuser: true })
  const alice = await signUp('alice')

  await t.test('200 what GET returned can be PUT back, whole', async (t) => {
    for (const path of ['/api/users/me/', `/api/users/${alice.id}/`]) {
      const { body } = await call('GET', path, { token: alice.access })
      const answer = await call('PUT', path, { token: alice.access, body })
      t.equal(answer.status, 200)
      // What the account may do is told of the own one alone, and is no member of it.
      const { permissions: _, ...account } = body
      t.same(answer.body, account)
    }
  })

  await t.test('200 absent optional members stay as they are', async (t) => {
    const token = root.access
    const path = `/api/users/${alice.id}/`
    await call('PATCH', path, { token, body: { address: 'a\nb' } })
    const body = { username: 'alice', email: 'new@example.com' }
    const answer = await call('PUT', path, { token, body })
    t.match(answer.body, { email: 'new@example.com', address: 'a\nb', is_active: true })
  })

  await t.test('400 every required member must be there', async (t) => {
    const body = { first_name: 'Alice' }
    const answer = await call('PUT', '/api/users/me/', { token: alice.access, body })
    t.equal(answer.status, 400)
    t.same(fieldCodes(answer), { username: 'required', email: 'required' })
  })

  await t.test('403 a changed flag is refused by its name', async (t) => {
    const { body } = await call('GET', '/api/users/me/', { token: alice.access })
    const promoted = { ...body, is_superuser: true }
    const answer = await call('PUT', '/api/users/me/', { token: alice.access, body: promoted })
    t.equal(answer.status, 403)
    t.match(answer.body.errors, [{ field: 'is_superuser', code: 'read_only' }])
  })

  await t.test('412 If-Match of an older version', async (t) => {
    const body = { username: 'alice', email: 'x@example.com' }
    const headers = { 'if-match': '"0"' }
    const answer = await call('PUT', '/api/users/me/', { token: alice.access, body, headers })
    t.equal(answer.status, 412)
  })
})
