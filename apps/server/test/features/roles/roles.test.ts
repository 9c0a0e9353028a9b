import { permissions } from '@rollcall/contract'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const { call, signUp } = await createServer(t, { database })
  const root = await signUp('boss', { is_superuser: true })
  const alice = await signUp('alice')
  const bob = await signUp('bob')
  const roles = (await call('GET', '/api/roles/', { token: root.access })).body.results
  const roleId = (name: string) => roles.find((role: { name: string }) => role.name === name).id
  const give = (ids: string[], id = alice.id, token = root.access) =>
    call('PUT', `/api/users/${id}/roles/`, { token, body: { roles: ids } })
  const make = (body: object, token = root.access) => call('POST', '/api/roles/', { token, body })

  await t.test('the built-in roles and every permission are there', async (t) => {
    const names = roles.map(({ name }: { name: string }) => name)
    t.same(names, ['administrator', 'auditor', 'support'])
    const { body } = await call('GET', '/api/permissions/', { token: root.access })
    const listed = body.results.map(({ name }: { name: string }) => name)
    t.same(listed, Object.keys(permissions))
  })

  await t.test('ASVS 8.3.2: a role given and taken acts on the next request', async (t) => {
    const view = () => call('GET', '/api/users/', { token: alice.access })
    t.equal((await view()).status, 403)
    const answer = await give([roleId('auditor')])
    t.equal(answer.status, 200)
    t.same(answer.body.roles, [{ id: roleId('auditor'), name: 'auditor' }])
    const listed = await view()
    t.equal(listed.status, 200)
    const row = listed.body.results.find(({ id }: { id: string }) => id === alice.id)
    t.same(row.roles, answer.body.roles)
    t.same((await give([])).body.roles, [])
    t.equal((await view()).status, 403)
  })

  await t.test('each role tells how many accounts hold it', async (t) => {
    const holders = async () => {
      const { body } = await call('GET', '/api/roles/', { token: root.access })
      return body.results.map((role: { holders: number }) => role.holders)
    }
    const path = `/api/roles/${roleId('auditor')}/`
    const ofOne = async () => (await call('GET', path, { token: root.access })).body.holders
    t.same(await holders(), [0, 0, 0])
    t.equal(await ofOne(), 0)
    await give([roleId('auditor'), roleId('support')])
    await give([roleId('auditor')], bob.id)
    t.same(await holders(), [0, 2, 1])
    t.equal(await ofOne(), 2)
    const body = { description: 'Sees all.' }
    t.equal((await call('PATCH', path, { token: root.access, body })).body.holders, 2)
    const carl = await signUp('carl')
    await give([roleId('auditor')], carl.id)
    await call('DELETE', `/api/users/${carl.id}/`, { token: root.access })
    t.equal(await ofOne(), 2, 'who is gone holds nothing')
    await give([])
    await give([], bob.id)
    t.same(await holders(), [0, 0, 0])
    t.equal((await make({ name: 'new', permissions: [] })).body.holders, 0)
    const events = await call('GET', '/api/audit/?limit=100', { token: root.access })
    t.notMatch(JSON.stringify(events.body), '"holders"', 'of no change of a role is it a part')
  })

  await t.test('ASVS 8.3.2: a changed role acts on the next request', async (t) => {
    const { body: role } = await make({ name: 'reader', permissions: ['users.view'] })
    await give([role.id])
    const view = async () => (await call('GET', '/api/users/', { token: alice.access })).status
    t.equal(await view(), 200)
    const path = `/api/roles/${role.id}/`
    const changed = await call('PATCH', path, { token: root.access, body: { permissions: [] } })
    t.same(changed.body, { ...role, permissions: [], holders: 1 })
    t.equal(await view(), 403)
    await call('PUT', path, {
      token: root.access,
      body: { name: 'x', permissions: ['users.view'] },
    })
    t.equal(await view(), 200)
    t.equal((await call('DELETE', path, { token: root.access })).status, 204)
    t.equal(await view(), 403)
    t.equal((await call('GET', path, { token: root.access })).status, 404)
  })

  await t.test('nobody grants, changes or takes a permission that they do not hold', async (t) => {
    const { body: manager } = await make({
      name: 'manager',
      permissions: ['roles.view', 'roles.manage', 'users.view'],
    })
    await give([manager.id])
    const attempts = [
      make({ name: 'mine', permissions: ['users.delete'] }, alice.access),
      call('PATCH', `/api/roles/${manager.id}/`, {
        token: alice.access,
        body: { permissions: ['users.delete'] },
      }),
      call('DELETE', `/api/roles/${roleId('administrator')}/`, { token: alice.access }),
      give([roleId('administrator')], bob.id, alice.access),
      give([roleId('administrator')], alice.id, alice.access),
      give([], root.id, alice.access),
    ]
    for (const answer of await Promise.all(attempts)) {
      t.equal(answer.status, 403)
      t.equal(answer.body.code, 'permission_denied')
    }
    t.equal((await make({ name: 'fine', permissions: ['users.view'] }, alice.access)).status, 201)
    t.equal((await give([manager.id], bob.id, alice.access)).status, 200)
    await give([], bob.id)
  })

  await t.test('nobody changes or deletes an account that holds more than they do', async (t) => {
    const carol = await signUp('carol')
    await give([roleId('support')], carol.id)
    const path = `/api/users/${root.id}/`
    for (const [method, body] of [
      ['PATCH', { email: 'taken@over.example' }],
      ['PUT', { username: 'boss', email: 'taken@over.example' }],
      ['DELETE', undefined],
    ] as const) {
      t.equal((await call(method, path, { token: carol.access, body })).status, 403)
    }
    const ended = await call('DELETE', `${path}sessions/`, { token: carol.access })
    t.equal(ended.status, 403)
    const plain = await call('PATCH', `/api/users/${bob.id}/`, {
      token: carol.access,
      body: { first_name: 'Robert', is_active: false },
    })
    t.match(plain.body, { first_name: 'Robert', is_active: false })
    for (const flag of ['is_staff', 'is_superuser']) {
      const answer = await call('PATCH', `/api/users/${bob.id}/`, {
        token: carol.access,
        body: { [flag]: true },
      })
      t.equal(answer.status, 403, flag)
    }
  })

  await t.test('nor one that may enter the panel, where they may not', async (t) => {
    const helper = await signUp('helper')
    await give([roleId('administrator')], helper.id)
    const dave = await signUp('dave')
    const path = `/api/users/${dave.id}/`
    await call('PATCH', path, { token: root.access, body: { is_staff: true } })
    const change = () => [
      call('POST', `${path}password-link/`, { token: helper.access }),
      call('PATCH', path, { token: helper.access, body: { first_name: 'David' } }),
      call('DELETE', `${path}sessions/`, { token: helper.access }),
    ]
    for (const answer of await Promise.all(change())) {
      t.equal(answer.body?.code, 'permission_denied')
    }
    const promoted = { is_staff: true }
    await call('PATCH', `/api/users/${helper.id}/`, { token: root.access, body: promoted })
    for (const answer of await Promise.all(change())) t.ok(answer.status < 300)
  })

  await t.test('400 a taken name, an unknown permission, an unknown role', async (t) => {
    t.same(fieldCodes(await make({ name: 'SUPPORT', permissions: [] })), { name: 'unique' })
    const unknown = await make({ name: 'x', permissions: ['users.fly'] })
    t.same(fieldCodes(unknown), { 'permissions.0': 'invalid_choice' })
    const nobody = '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11'
    t.same(fieldCodes(await give([nobody])), { roles: 'invalid' })
  })

  await t.test('a role that is deleted while it is given is given or unknown', async (t) => {
    const statuses = new Set<number>()
    for (let round = 0; round < 12; round += 1) {
      const { body: role } = await make({ name: `short ${round}`, permissions: [] })
      const [given, deleted] = await Promise.all([
        give([role.id], bob.id),
        call('DELETE', `/api/roles/${role.id}/`, { token: root.access }),
      ])
      t.equal(deleted.status, 204)
      statuses.add(given.status)
    }
    statuses.delete(200)
    statuses.delete(400)
    t.same([...statuses], [])
  })

  await t.test('412 If-Match guards the roles of an account too', async (t) => {
    const answer = await call('PUT', `/api/users/${alice.id}/roles/`, {
      token: root.access,
      body: { roles: [] },
      headers: { 'if-match': '"0"' },
    })
    t.equal(answer.status, 412)
  })
})
