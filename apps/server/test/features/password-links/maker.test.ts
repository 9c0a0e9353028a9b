import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes } from '../../support/server.ts'

/** A link is in the hands of its maker too, who could use it. */
await onEachDatabase(async (t, database) => {
  const { call, signUp } = await createServer(t, { database })
  const root = await signUp('root', { is_superuser: true })
  const roles = (await call('GET', '/api/roles/', { token: root.access })).body.results
  const roleId = (name: string) => roles.find((role: { name: string }) => role.name === name).id
  const give = (id: string, ids: string[]) =>
    call('PUT', `/api/users/${id}/roles/`, { token: root.access, body: { roles: ids } })
  const change = (id: string, body: object) =>
    call('PATCH', `/api/users/${id}/`, { token: root.access, body })
  const use = (url: string) => {
    const token = new URL(url).hash.slice(1)
    return call('POST', '/api/password/set/', { body: { token, new_password: 'meadow-copper-88' } })
  }

  async function linkOf(name: string) {
    const helper = await signUp(`${name}helper`)
    await give(helper.id, [roleId('support')])
    const user = await signUp(name)
    const path = `/api/users/${user.id}/password-link/`
    const { url } = (await call('POST', path, { token: helper.access })).body
    return { helper, user, url }
  }

  const promotions = {
    'a superuser': (id: string) => change(id, { is_superuser: true }),
    staff: (id: string) => change(id, { is_staff: true }),
    'an administrator': (id: string) => give(id, [roleId('administrator')]),
  }
  for (const [index, [what, promote]] of Object.entries(promotions).entries()) {
    await t.test(
      `a link does not work once its account is ${what}, unlike its maker`,
      async (t) => {
        const { user, url } = await linkOf(`alice${index}`)
        t.equal((await promote(user.id)).status, 200)
        t.same(fieldCodes(await use(url)), { token: 'invalid' })
        t.equal((await call('GET', '/api/users/me/', { token: user.access })).status, 200)
      },
    )
  }

  await t.test('nor once a role of its account allows more', async (t) => {
    const body = { name: 'reader', permissions: ['users.view'] }
    const role = (await call('POST', '/api/roles/', { token: root.access, body })).body
    const { user, url } = await linkOf('bob')
    await give(user.id, [role.id])
    const permissions = ['users.view', 'users.delete']
    await call('PATCH', `/api/roles/${role.id}/`, { token: root.access, body: { permissions } })
    t.same(fieldCodes(await use(url)), { token: 'invalid' })
  })

  const departures = {
    'is deactivated': (id: string) => change(id, { is_active: false }),
    'is deleted': (id: string) => call('DELETE', `/api/users/${id}/`, { token: root.access }),
    'may make none any more': (id: string) => give(id, []),
  }
  for (const [index, [what, leave]] of Object.entries(departures).entries()) {
    await t.test(`nor once its maker ${what}`, async (t) => {
      const { helper, url } = await linkOf(`carol${index}`)
      t.ok((await leave(helper.id)).status < 300)
      t.same(fieldCodes(await use(url)), { token: 'invalid' })
    })
  }

  await t.test('a link works for an account that holds no more than its maker', async (t) => {
    const { user, url } = await linkOf('dave')
    await give(user.id, [roleId('support')])
    t.equal((await use(url)).status, 204)
  })

  await t.test('an invitation works for who was made staff by who invites', async (t) => {
    const body = { username: 'erin', email: 'erin@example.com' }
    const invited = (await call('POST', '/api/invitations/', { token: root.access, body })).body
    await give(invited.user.id, [roleId('administrator')])
    await change(invited.user.id, { is_staff: true })
    t.equal((await use(invited.link.url)).status, 204)
  })
})
