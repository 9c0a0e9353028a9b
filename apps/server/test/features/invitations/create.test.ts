import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const server = await createServer(t, { database })
  const { call, signUp, store } = server
  const root = await signUp('root', { is_superuser: true })
  const alice = await signUp('alice')

  const invite = (body: unknown, token = root.access) =>
    call('POST', '/api/invitations/', { token, body })
  const bob = { username: 'bob', email: 'bob@example.com', first_name: 'Bob' }
  const accounts = async () => (await store.read.select().from(store.tables.users)).length

  await t.test('400 a bad or taken name; nobody is made', async (t) => {
    const before = await accounts()
    t.same(fieldCodes(await invite({})), { username: 'required', email: 'required' })
    const taken = await invite({ username: 'ALICE', email: 'Root@example.com' })
    t.same(fieldCodes(taken), { username: 'unique', email: 'unique' })
    t.equal(await accounts(), before)
  })

  await t.test('401 and 403 for those who may not create accounts', async (t) => {
    t.equal((await call('POST', '/api/invitations/', { body: bob })).status, 401)
    t.equal((await invite(bob, alice.access)).status, 403)
  })

  await t.test(
    'ASVS 6.4.1: 201 an account that nobody can sign in to until its link is used',
    async (t) => {
      const answer = await invite({ ...bob, password: 'chosen-by-staff-1', is_superuser: true })
      t.equal(answer.status, 201)
      const { user, link } = answer.body
      t.match(user, { ...bob, is_active: true, is_staff: false, is_superuser: false })
      t.equal(answer.headers.location, `http://rollcall.test/api/users/${user.id}/`)

      for (const guess of ['', '!', 'chosen-by-staff-1', password]) {
        const body = { username: 'bob', password: guess }
        t.not((await call('POST', '/api/token/', { body })).status, 200, `password ${guess}`)
      }
      const body = { token: new URL(link.url).hash.slice(1), new_password: 'staple-paper-clip-42' }
      t.equal((await call('POST', '/api/password/set/', { body })).status, 204)
      t.same(fieldCodes(await call('POST', '/api/password/set/', { body })), { token: 'invalid' })
      const credentials = { username: 'bob', password: body.new_password }
      t.equal((await call('POST', '/api/token/', { body: credentials })).status, 200)
    },
  )

  await t.test(
    'a second invitation of the same name is refused; a new link is made instead',
    async (t) => {
      const { user, link } = (await invite({ username: 'carol', email: 'c@example.com' })).body
      t.same(fieldCodes(await invite({ username: 'carol', email: 'd@example.com' })), {
        username: 'unique',
      })
      const again = await call('POST', `/api/users/${user.id}/password-link/`, {
        token: root.access,
      })
      t.equal(again.status, 201)
      const body = { token: new URL(link.url).hash.slice(1), new_password: 'staple-paper-clip-42' }
      t.same(fieldCodes(await call('POST', '/api/password/set/', { body })), { token: 'invalid' })
    },
  )

  await t.test('of 16 invitations of one name at once one is made', async (t) => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => invite({ username: 'erin', email: 'erin@example.com' })),
    )
    const statuses = answers.map(({ status }) => status)
    t.equal(statuses.filter((status) => status === 201).length, 1)
    t.equal(statuses.filter((status) => status === 400).length, 15)
    const rows = await store.read.select().from(store.tables.oneTimeTokens)
    const made = answers.find(({ status }) => status === 201)?.body.user.id
    t.equal(rows.filter(({ userId }) => userId === made).length, 1)
  })

  await t.test('the trail tells who invited whom, without a secret', async (t) => {
    const { user, link } = (await invite({ username: 'frank', email: 'f@example.com' })).body
    const { body } = await call('GET', '/api/audit/?action=invitation.made&limit=1', {
      token: root.access,
    })
    t.match(body.results, [{ actor_id: root.id, target_id: user.id }])
    t.match(body.results[0].details.after, { username: 'frank' })
    t.notOk(JSON.stringify(body).includes(new URL(link.url).hash.slice(5)))
  })
})
