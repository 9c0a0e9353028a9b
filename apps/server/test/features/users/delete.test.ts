import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const { call, signUp, store } = await createServer(t, { database })
  const root = await signUp('root', { is_superuser: true })

  await t.test('ASVS 7.4.2: 204 the account is gone, and its tokens die with it', async (t) => {
    const alice = await signUp('alice')
    const answer = await call('DELETE', '/api/users/me/', { token: alice.access })
    t.equal(answer.status, 204)
    t.equal(answer.body, undefined)
    t.equal((await call('GET', '/api/users/me/', { token: alice.access })).status, 401)
    const refreshed = await call('POST', '/api/token/refresh/', {
      body: { refresh: alice.refresh },
    })
    t.equal(refreshed.status, 401)
    const sessions = await store.read.select().from(store.tables.sessions)
    t.notOk(sessions.some(({ userId }) => userId === alice.id))
  })

  await t.test('the tokens of a deleted account never name a later one of the name', async (t) => {
    const first = await signUp('phoenix')
    await call('DELETE', `/api/users/${first.id}/`, { token: root.access })
    const second = await signUp('phoenix')
    t.not(first.id, second.id)
    t.equal((await call('GET', '/api/users/me/', { token: first.access })).status, 401)
  })

  await t.test('a deleted account cannot be found by a search', async (t) => {
    const { id } = await signUp('ephemeral')
    await call('DELETE', `/api/users/${id}/`, { token: root.access })
    const { body } = await call('GET', '/api/users/?search=ephemeral', { token: root.access })
    t.same(body.results, [])
  })

  await t.test(
    '403 nobody deletes another’s account, 404 for none, 412 on an old version',
    async (t) => {
      const bob = await signUp('bob')
      const carol = await signUp('carol')
      const path = `/api/users/${bob.id}/`
      t.equal((await call('DELETE', path, { token: carol.access })).status, 403)
      const old = await call('DELETE', path, { token: root.access, headers: { 'if-match': '"9"' } })
      t.equal(old.status, 412)
      t.equal((await call('GET', path, { token: root.access })).status, 200)
      const nobody = '/api/users/0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11/'
      t.equal((await call('DELETE', nobody, { token: root.access })).status, 404)
    },
  )

  await t.test(
    '409 the last active superuser is not removed, demoted or deactivated',
    async (t) => {
      const { access: token } = root
      const path = `/api/users/${root.id}/`
      const attempts = [
        () => call('DELETE', path, { token }),
        () => call('DELETE', '/api/users/me/', { token }),
        () => call('PATCH', path, { token, body: { is_superuser: false } }),
        () => call('PATCH', '/api/users/me/', { token, body: { is_active: false } }),
      ]
      for (const attempt of attempts) {
        const answer = await attempt()
        t.equal(answer.status, 409)
        t.equal(answer.body.code, 'last_superuser')
      }
      t.match((await call('GET', path, { token })).body, { is_superuser: true, is_active: true })
    },
  )

  await t.test('nor is the last one that has a password', async (t) => {
    const { access: token } = root
    const body = { username: 'invited', email: 'invited@example.com' }
    const { id } = (await call('POST', '/api/invitations/', { token, body })).body.user
    const path = `/api/users/${id}/`
    await call('PATCH', path, { token, body: { is_superuser: true } })
    t.equal((await call('DELETE', '/api/users/me/', { token })).body?.code, 'last_superuser')
    t.equal((await call('DELETE', path, { token })).status, 204)
  })

  await t.test('of superusers that remove each other at once one stays', async (t) => {
    const others = await Promise.all(
      Array.from({ length: 7 }, (_, index) => signUp(`super${index}`, { is_superuser: true })),
    )
    const everybody = [root, ...others]
    await Promise.all(
      everybody.map(({ access: token }) => call('DELETE', '/api/users/me/', { token })),
    )
    const left = await store.read.select().from(store.tables.users)
    t.equal(left.filter(({ isSuperuser, isActive }) => isSuperuser && isActive).length, 1)
  })

  await t.test('the name is free again', async (t) => {
    const body = { username: 'alice', email: 'alice@example.com', password }
    t.equal((await call('POST', '/api/register/', { body })).status, 201)
  })
})
