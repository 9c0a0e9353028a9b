import { permissions } from '@rollcall/contract'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const { call, signUp } = await createServer(t, { database })
  const root = await signUp('root', { is_superuser: true })
  const alice = await signUp('alice')
  const bob = await signUp('bob')

  await t.test('200 everybody sees their own account, with its ETag', async (t) => {
    for (const path of ['/api/users/me/', '/api/users/me', `/api/users/${alice.id}/`]) {
      const answer = await call('GET', path, { token: alice.access })
      t.equal(answer.status, 200)
      t.equal(answer.body.username, 'alice')
      t.type(answer.body.last_login, 'string', 'has signed in')
      t.equal(answer.headers.etag, '"1"')
    }
  })

  await t.test('200 the own account tells what it may do now', async (t) => {
    const { body: role } = await call('POST', '/api/roles/', {
      token: root.access,
      body: { name: 'reader', permissions: ['users.view'] },
    })
    const permissionsOf = async (token: string) =>
      (await call('GET', '/api/users/me/', { token })).body.permissions
    t.same(await permissionsOf(root.access), Object.keys(permissions))
    t.same(await permissionsOf(bob.access), [])
    const giveRoles = (roles: string[]) =>
      call('PUT', `/api/users/${bob.id}/roles/`, { token: root.access, body: { roles } })
    await giveRoles([role.id])
    t.same(await permissionsOf(bob.access), ['users.view'])
    await giveRoles([])
    t.same(await permissionsOf(bob.access), [], 'and no longer')
  })

  await t.test('200 a superuser sees any account', async (t) => {
    const answer = await call('GET', `/api/users/${alice.id}/`, { token: root.access })
    t.equal(answer.body.id, alice.id)
  })

  await t.test('401 without a token', async (t) => {
    const answer = await call('GET', `/api/users/${alice.id}/`)
    t.equal(answer.status, 401)
    t.equal(answer.body.code, 'not_authenticated')
    t.match(answer.headers['www-authenticate'], /^Bearer/)
  })

  await t.test(
    'ASVS 8.2.2: 403 alike for another’s id and for one that does not exist',
    async (t) => {
      const nobody = '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11'
      for (const id of [bob.id, nobody, 'not-an-id']) {
        const answer = await call('GET', `/api/users/${id}/`, { token: alice.access })
        t.equal(answer.status, 403)
        t.equal(answer.body.code, 'permission_denied')
      }
    },
  )

  await t.test('404 an id that does not exist, or cannot', async (t) => {
    for (const id of ['0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11', 'x', alice.id.toUpperCase()]) {
      const answer = await call('GET', `/api/users/${id}/`, { token: root.access })
      t.equal(answer.status, 404)
      t.equal(answer.body.code, 'not_found')
    }
  })
})
