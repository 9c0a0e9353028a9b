import { OwnUser, User, UserPatch } from '@rollcall/contract'
import type { Test } from 'tap'
import { onEachDatabase } from './support/databases.ts'
import { createServer, password, type TestServer } from './support/server.ts'

const profile = ['username', 'email', 'first_name', 'last_name', 'phone_number', 'address']

/** Who may change which members of an account: their own, or a plain user’s. All others may not. */
const rules = [
  { caller: 'a plain user', target: 'own', may: [...profile, 'password'] },
  { caller: 'a plain user', target: 'other', may: [] },
  { caller: 'an administrator', target: 'own', may: [...profile, 'password', 'is_active'] },
  { caller: 'an administrator', target: 'other', may: [...profile, 'is_active'] },
  { caller: 'a staff administrator', target: 'other', may: [...profile, 'is_active', 'is_staff'] },
  { caller: 'a support agent', target: 'other', may: [...profile, 'is_active'] },
  { caller: 'an auditor', target: 'own', may: [...profile, 'password'] },
  { caller: 'an auditor', target: 'other', may: [] },
  {
    caller: 'a superuser',
    target: 'other',
    may: [...profile, 'is_active', 'is_staff', 'is_superuser'],
  },
] as const

type Rule = (typeof rules)[number]

const newValues: Record<string, unknown> = {
  username: 'renamed',
  email: 'renamed@example.com',
  first_name: 'New',
  last_name: 'Name',
  phone_number: '+442079460958',
  address: '1 New Street',
  is_active: false,
  is_staff: true,
  is_superuser: true,
  password: 'staple-paper-clip-42',
}

/** In every answer about an account, and settable by nobody. */
const readOnly = {
  id: '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11',
  roles: [],
  date_joined: '2000-01-01',
}
/** Columns of the table that no answer holds and no body sets. */
const hidden = [
  'password_hash',
  'passwordHash',
  'version',
  'hasRoles',
  'username_key',
  'searchText',
]

/** Said with a change, and changing nothing by themselves. */
const saidWith = ['current_password', 'reason']

const roleOf: Partial<Record<Rule['caller'], string>> = {
  'an administrator': 'administrator',
  'a staff administrator': 'administrator',
  'a support agent': 'support',
  'an auditor': 'auditor',
}

await onEachDatabase(async (t, database) => {
  const server = await createServer(t, { database })
  const root = await server.signUp('root', { is_superuser: true })
  const make = await createCast(server, root.access)

  for (const rule of rules) {
    const { caller, target, may } = rule
    const members = may.join(', ') || 'nothing'
    await t.test(`ASVS 8.1.2, 8.2.3: ${caller} changes of the ${target} account: ${members}`, (t) =>
      testRule(t, { server, rule, make }),
    )
  }

  await t.test('ASVS 8.2.3: what is not there to be changed is passed over', async (t) => {
    const { id, access } = await make('a plain user')
    const path = `/api/users/${id}/`
    const before = (await server.call('GET', path, { token: root.access })).body
    const body = { ...readOnly, ...Object.fromEntries(hidden.map((member) => [member, 'x'])) }
    const answer = await server.call('PATCH', path, { token: access, body })
    t.equal(answer.status, 200)
    t.same((await server.call('GET', path, { token: root.access })).body, before)
  })

  await t.test(
    'ASVS 8.2.3, 15.3.1: an account is answered in these members and no others',
    async (t) => {
      const { id, access } = await make('a plain user')
      const members = Object.keys(User.properties).sort()
      const membersAt = async (path: string, token: string) =>
        Object.keys((await server.call('GET', path, { token })).body).sort()
      t.same(await membersAt('/api/users/me/', access), Object.keys(OwnUser.properties).sort())
      for (const token of [access, root.access]) {
        t.same(await membersAt(`/api/users/${id}/`, token), members)
      }
      const { body } = await server.call('GET', '/api/users/', { token: root.access })
      for (const row of body.results) t.same(Object.keys(row).sort(), members)
      t.notOk(members.some((member) => hidden.includes(member)))
    },
  )
})

type Make = Awaited<ReturnType<typeof createCast>>

async function createCast({ call, signUp }: TestServer, token: string) {
  const { body } = await call('GET', '/api/roles/', { token })
  const roleIds = new Map<string, string>(
    body.results.map(({ id, name }: { id: string; name: string }) => [name, id]),
  )
  return async (caller: Rule['caller'], name?: string) => {
    const account = await signUp(name, { is_superuser: caller === 'a superuser' })
    const path = `/api/users/${account.id}/`
    const roleId = roleIds.get(roleOf[caller] ?? '')
    if (roleId) await call('PUT', `${path}roles/`, { token, body: { roles: [roleId] } })
    if (caller === 'a staff administrator') {
      await call('PATCH', path, { token, body: { is_staff: true } })
    }
    return account
  }
}

/** One member at a time, so that none hides behind another. */
async function testRule(t: Test, parts: { server: TestServer; rule: Rule; make: Make }) {
  const { server, rule, make } = parts
  const { call } = server
  const members = Object.keys(UserPatch.properties).filter((name) => !saidWith.includes(name))
  t.same(members.sort(), Object.keys(newValues).sort(), 'every member of a patch is asked about')

  for (const member of members) {
    const caller = await make(rule.caller)
    const target =
      rule.target === 'own' ? caller : await make('a plain user', `${caller.username}x`)
    const value = uniqueValue(member, caller.username)
    const body = { [member]: value, ...(member === 'password' && { current_password: password }) }
    const before = await stored(server, target.id)
    const path = `/api/users/${target.id}/`
    const answer = await call('PATCH', path, { token: caller.access, body })
    const after = await stored(server, target.id)

    const isAllowed = (rule.may as readonly string[]).includes(member)
    t.equal(answer.status, isAllowed ? 200 : 403, `${member}: ${answer.body.detail ?? 'changed'}`)
    if (!isAllowed) t.same(after, before, `${member} stays as it was`)
    else if (member !== 'password') t.equal(answer.body[member], value)
    else t.not(after?.passwordHash, before?.passwordHash)
  }
}

function uniqueValue(member: string, name: string): unknown {
  const value = newValues[member]
  return ['username', 'email'].includes(member) ? `${name}.${value}` : value
}

async function stored({ store }: TestServer, id: string) {
  const rows = await store.read.select().from(store.tables.users)
  return rows.find((row) => row.id === id)
}
