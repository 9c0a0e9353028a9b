import type { Test } from 'tap'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

const newPassword = 'staple-paper-clip-42'

/** Every change that demands a password given lately; each is one call of the caller. */
const sensitive: Record<string, (ids: Ids) => [method: string, path: string, body?: object]> = {
  'the own e-mail address': () => ['PATCH', '/api/users/me/', { email: 'new@example.com' }],
  'the own username': ({ own }) => ['PATCH', `/api/users/${own}/`, { username: 'renamed' }],
  'the whole own account': () => [
    'PUT',
    '/api/users/me/',
    { username: 'other', email: 'other@example.com' },
  ],
  'the own password': () => [
    'PATCH',
    '/api/users/me/',
    { password: newPassword, current_password: password },
  ],
  'the own password by its own path': () => [
    'POST',
    '/api/password/change/',
    { current_password: password, new_password: newPassword },
  ],
  'another’s e-mail address': ({ other }) => [
    'PATCH',
    `/api/users/${other}/`,
    { email: 'theirs@example.com' },
  ],
  'staff and superusers': ({ other }) => [
    'PATCH',
    `/api/users/${other}/`,
    { is_staff: true, is_superuser: true },
  ],
  'a new superuser': () => [
    'POST',
    '/api/users/',
    { username: 'second', email: 'second@example.com', is_superuser: true },
  ],
  'the roles of an account': ({ other, role }) => [
    'PUT',
    `/api/users/${other}/roles/`,
    { roles: [role] },
  ],
  'a new role': () => ['POST', '/api/roles/', { name: 'all', permissions: ['users.delete'] }],
  'a role': ({ role }) => ['PATCH', `/api/roles/${role}/`, { permissions: ['users.delete'] }],
  'a whole role': ({ role }) => ['PUT', `/api/roles/${role}/`, { name: 'whole', permissions: [] }],
  'every session of an account': ({ other }) => ['DELETE', `/api/users/${other}/sessions/`],
  'every own session': ({ refresh }) => ['POST', '/api/logout/', { refresh, scope: 'all' }],
  'every other own session': ({ refresh }) => [
    'POST',
    '/api/logout/',
    { refresh, scope: 'others' },
  ],
  'a link to set a password': ({ other }) => ['POST', `/api/users/${other}/password-link/`],
  'an invitation': () => [
    'POST',
    '/api/invitations/',
    { username: 'guest', email: 'guest@example.com' },
  ],
  'another account, deleted': ({ other }) => ['DELETE', `/api/users/${other}/`],
  'the own account, deleted': () => ['DELETE', '/api/users/me/'],
}

interface Ids {
  readonly own: string
  readonly other: string
  readonly role: string
  readonly refresh: string
}

await onEachDatabase(async (t, database) => {
  // Access tokens that outlive the proof, so that only the proof is too old.
  const server = await createServer(t, { database, config: { accessTokenSeconds: 3_600 } })
  const { call, signUp, clock, store } = server
  await signUp('keeper', { is_superuser: true })
  let round = 0

  async function prepare() {
    round += 1
    const boss = await signUp(`boss${round}`, { is_superuser: true })
    const other = await signUp(`other${round}`)
    const body = { name: `role ${round}`, permissions: ['users.view'] }
    const role = (await call('POST', '/api/roles/', { token: boss.access, body })).body
    const ids = { own: boss.id, other: other.id, role: role.id, refresh: boss.refresh }
    return { boss, ids }
  }

  /** Everything but the times of use; a refused call leaves it as it was. */
  async function contents() {
    const { users, roles, userRoles, sessions } = store.tables
    return Promise.all(
      [users, roles, userRoles, sessions].map((table) => store.read.select().from(table)),
    )
  }

  for (const [what, request] of Object.entries(sensitive)) {
    await t.test(`ASVS 7.5.1, 7.5.3: ${what}: 403 when the proof is old`, async (t: Test) => {
      const { boss, ids } = await prepare()
      const [method, path, body] = request(ids)
      const send = (token: string) => call(method, path, { token, ...(body && { body }) })

      clock.advance(301)
      const before = await contents()
      const refused = await send(boss.access)
      t.equal(refused.status, 403)
      t.equal(refused.body.code, 'reauthentication_required')
      t.same(await contents(), before)

      const proof = { token: boss.access, body: { password } }
      const proven = await call('POST', '/api/token/reauthenticate/', proof)
      t.equal(proven.status, 200)
      clock.advance(300)
      t.match((await send(proven.body.access)).status, /^20/)
    })
  }

  await t.test('what is not sensitive needs no new proof', async (t) => {
    const { boss, ids } = await prepare()
    clock.advance(3_000)
    const { access: token } = boss
    const patch = (path: string, body: object) => call('PATCH', path, { token, body })
    t.equal((await patch('/api/users/me/', { first_name: 'Ann' })).status, 200)
    t.equal((await patch(`/api/users/${ids.other}/`, { is_active: false })).status, 200)
    const own = (await call('GET', '/api/users/me/', { token })).body
    t.equal((await call('PUT', '/api/users/me/', { token, body: own })).status, 200)
    const body = { refresh: boss.refresh }
    t.equal((await call('POST', '/api/logout/', { token, body })).status, 205)
  })
})
