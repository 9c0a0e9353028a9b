import { onEachDatabase } from '../../support/databases.ts'
import { password } from '../../support/server.ts'
import { codesOf, createBulkServer, nobody } from './bulk-server.ts'

await onEachDatabase(async (t, database) => {
  await t.test('200 deletes each account for good, and notes what it was', async (t) => {
    const { bulk, call, root, signUpMany, eventsOf, userOf } = await createBulkServer(t, database)
    const [alice, bob] = await signUpMany(2)
    const { results } = await bulk('delete', { ids: [alice?.id, nobody, root.id, bob?.id] })
    t.same(codesOf(results), ['ok', 'not_found', 'permission_denied', 'ok'])
    for (const account of [alice, bob]) {
      t.equal(await userOf(account?.id ?? ''), undefined)
      t.equal((await call('GET', '/api/users/me/', { token: account?.access ?? '' })).status, 401)
    }
    t.ok(await userOf(root.id))
    const events = await eventsOf('user.deleted')
    t.same(events.map(({ actorId, before }) => [actorId, before.username]).sort(), [
      [root.id, alice?.username],
      [root.id, bob?.username],
    ])
  })

  await t.test('200 signs each account out everywhere, but not the caller', async (t) => {
    const { bulk, call, root, signUpMany, eventsOf } = await createBulkServer(t, database)
    const [alice, bob] = await signUpMany(2)
    const { results } = await bulk('end-sessions', { ids: [alice?.id, root.id, nobody] })
    t.same(codesOf(results), ['ok', 'permission_denied', 'not_found'])
    const statusOf = async (token = '') => (await call('GET', '/api/users/me/', { token })).status
    t.equal(await statusOf(alice?.access), 401)
    t.equal(await statusOf(bob?.access), 200)
    t.equal(await statusOf(root.access), 200)
    t.match(await eventsOf('session.ended'), [{ targetId: alice?.id, scope: 'all' }])
  })

  await t.test('403 without the permission of the action, whatever else is held', async (t) => {
    const { post, signUpHolder, signUpMany, userOf } = await createBulkServer(t, database)
    const [alice] = await signUpMany(1)
    const needs = {
      activate: 'users.activate',
      deactivate: 'users.activate',
      delete: 'users.delete',
      'end-sessions': 'sessions.revoke',
    }
    for (const [action, permission] of Object.entries(needs)) {
      const others = ['users.view', ...new Set(Object.values(needs))].filter(
        (each) => each !== permission,
      )
      const { access } = await signUpHolder(`not-${action}`, others)
      const { status, body } = await post(action, { ids: [alice?.id] }, access)
      t.equal(status, 403, action)
      t.equal(body.code, 'permission_denied')
    }
    t.equal((await userOf(alice?.id ?? ''))?.isActive, true)
    t.equal((await post('delete', { ids: [alice?.id] }, 'x')).status, 401)
  })

  await t.test('of 16 who remove all superusers at once, one active superuser stays', async (t) => {
    for (const action of ['delete', 'deactivate']) {
      const { post, call, signUp, store } = await createBulkServer(t, database)
      const callers = []
      for (let index = 0; index < 16; index += 1) {
        callers.push(await signUp(`boss${index}`, { is_superuser: true }))
      }
      const answers = await Promise.all(
        callers.map(({ access }) => post(action, { filter: { is_superuser: true } }, access)),
      )
      for (const { status } of answers) t.ok([200, 401].includes(status))
      const rows = await store.read.select().from(store.tables.users)
      const active = rows.filter(({ isActive, isSuperuser }) => isActive && isSuperuser)
      t.equal(active.length, 1, `${action}: ${active.map(({ username }) => username)}`)
      const [last] = active
      const body = { username: last?.username, password }
      const { access } = (await call('POST', '/api/token/', { body })).body
      const own = await call('DELETE', '/api/users/me/', { token: access })
      t.equal(own.body.code, 'last_superuser')
    }
  })
})
