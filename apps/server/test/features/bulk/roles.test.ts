import { supportRole } from '@rollcall/contract'
import { newUser } from '../../db/stores.ts'
import { onEachDatabase } from '../../support/databases.ts'
import { fieldCodes } from '../../support/server.ts'
import { codesOf, createBulkServer, nobody } from './bulk-server.ts'

const administrator = '0198f2c4-7d1e-7c3a-9b52-000000000001'
const auditor = '0198f2c4-7d1e-7c3a-9b52-000000000003'

await onEachDatabase(async (t, database) => {
  async function setUp() {
    const server = await createBulkServer(t, database)
    const rolesOf = async (id = '') => {
      const { body } = await server.call('GET', `/api/users/${id}/`, { token: server.root.access })
      return body.roles.map(({ name }: { name: string }) => name)
    }
    const giveRoles = (id = '', roles: string[] = []) =>
      server.call('PUT', `/api/users/${id}/roles/`, { token: server.root.access, body: { roles } })
    return { ...server, rolesOf, giveRoles }
  }

  await t.test('200 gives a role besides those held, in force at once', async (t) => {
    const { bulk, call, giveRoles, rolesOf, signUpMany, eventsOf, root } = await setUp()
    const [alice, bob] = await signUpMany(2)
    await giveRoles(alice?.id, [auditor])
    const ids = [alice?.id, bob?.id, nobody]
    const { results } = await bulk('add-role', { ids, role: supportRole.id })
    t.same(codesOf(results), ['ok', 'ok', 'not_found'])
    t.same(await rolesOf(alice?.id), ['auditor', 'support'])
    t.same(await rolesOf(bob?.id), ['support'])
    t.equal((await call('GET', '/api/users/', { token: bob?.access ?? '' })).status, 200)
    const [, ...events] = await eventsOf('user.roles_changed')
    t.same(events.map(({ targetId }) => targetId).sort(), [alice?.id, bob?.id].sort())
    for (const event of events) t.equal(event.actorId, root.id)
  })

  await t.test('200 takes a role and leaves the others', async (t) => {
    const { bulk, giveRoles, rolesOf, signUpMany } = await setUp()
    const [alice, bob] = await signUpMany(2)
    await giveRoles(alice?.id, [auditor, supportRole.id])
    await giveRoles(bob?.id, [supportRole.id])
    const body = { ids: [alice?.id, bob?.id], role: supportRole.id }
    t.same(codesOf((await bulk('remove-role', body)).results), ['ok', 'ok'])
    t.same(await rolesOf(alice?.id), ['auditor'])
    t.same(await rolesOf(bob?.id), [])
  })

  await t.test('who holds the role already, or not at all, stays untouched', async (t) => {
    const { bulk, giveRoles, signUpMany, eventsOf, userOf } = await setUp()
    const [alice] = await signUpMany(1)
    await giveRoles(alice?.id, [supportRole.id])
    const before = await userOf(alice?.id ?? '')
    const ids = [alice?.id]
    t.same(codesOf((await bulk('add-role', { ids, role: supportRole.id })).results), ['ok'])
    t.same(codesOf((await bulk('remove-role', { ids, role: auditor })).results), ['ok'])
    t.same(await userOf(alice?.id ?? ''), before)
    t.equal((await eventsOf('user.roles_changed')).length, 1)
  })

  await t.test('ASVS 8.2.1: nobody gives or takes what they do not hold', async (t) => {
    const { bulk, giveRoles, rolesOf, signUpHolder, signUpMany } = await setUp()
    const chief = await signUpHolder('chief', ['roles.manage', 'users.view'])
    const [alice, bob] = await signUpMany(2)
    await giveRoles(bob?.id, [administrator])
    const role = administrator
    const denied = ['permission_denied', 'permission_denied', 'permission_denied']
    const ids = [alice?.id, bob?.id, chief.id]
    const given = await bulk('add-role', { ids, role }, chief.access)
    t.same(codesOf(given.results), denied)
    const taken = await bulk('remove-role', { ids: [bob?.id], role }, chief.access)
    t.same(codesOf(taken.results), ['permission_denied'])
    t.same(await rolesOf(alice?.id), [])
    t.same(await rolesOf(bob?.id), ['administrator'])
    t.same(await rolesOf(chief.id), ['role of chief'])
  })

  await t.test('who loses the permission on the way goes no further', async (t) => {
    const { bulk, rolesOf, signUpHolder, store } = await setUp()
    const chief = await signUpHolder('chief', ['roles.manage'])
    const others = Array.from({ length: 60 }, (_, index) =>
      newUser(`other${index}`, { hasRoles: true }),
    )
    const pairs = others.map(({ id }) => ({ userId: id, roleId: chief.roleId }))
    await store.write(async (tx) => {
      await tx.insert(store.tables.users).values(others)
      await tx.insert(store.tables.userRoles).values(pairs)
    })
    const ids = [chief.id, ...others.map(({ id }) => id)]
    const { results } = await bulk('remove-role', { ids, role: chief.roleId }, chief.access)
    t.equal(codesOf(results).at(0), 'ok')
    t.equal(codesOf(results).at(-1), 'permission_denied')
    t.match(results.at(-1)?.detail, /any more/)
    t.same(await rolesOf(others.at(-1)?.id), ['role of chief'])
  })

  await t.test('an account holds 20 roles at most, however they are given', async (t) => {
    const { bulk, call, giveRoles, rolesOf, root, signUpMany } = await setUp()
    const [alice] = await signUpMany(1)
    const made: string[] = []
    for (let index = 0; index < 21; index += 1) {
      const body = { name: `role${index}`, permissions: [] }
      made.push((await call('POST', '/api/roles/', { token: root.access, body })).body.id)
    }
    await giveRoles(alice?.id, made.slice(0, 19))
    const add = async (role = '') =>
      codesOf((await bulk('add-role', { ids: [alice?.id], role })).results)
    t.same(await add(made[19]), ['ok'])
    t.same(await add(made[20]), ['validation_failed'])
    t.equal((await rolesOf(alice?.id)).length, 20)
  })

  await t.test('400 for a role that is not there', async (t) => {
    const { post, signUpMany } = await setUp()
    const [alice] = await signUpMany(1)
    for (const action of ['add-role', 'remove-role']) {
      for (const role of [nobody, 'support', null, 1]) {
        const answer = await post(action, { ids: [alice?.id], role })
        t.equal(answer.status, 400)
        t.same(Object.keys(fieldCodes(answer)), ['role'])
      }
    }
  })

  await t.test('403 without roles.manage', async (t) => {
    const { post, rolesOf, signUpHolder } = await setUp()
    const viewer = await signUpHolder('viewer', ['roles.view', 'users.view'])
    for (const action of ['add-role', 'remove-role']) {
      const body = { ids: [viewer.id], role: viewer.roleId }
      t.equal((await post(action, body, viewer.access)).status, 403)
    }
    t.same(await rolesOf(viewer.id), ['role of viewer'])
  })
})
