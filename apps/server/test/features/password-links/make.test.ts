import { sha256 } from '../../../src/crypto.ts'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const server = await createServer(t, { database })
  const { call, signUp, store, clock } = server
  const root = await signUp('root', { is_superuser: true })
  const helper = await signUp('helper')
  const alice = await signUp('alice')
  const bob = await signUp('bob')
  await giveRole(helper.id, ['users.update'])

  const make = (id: string, token: string, headers = {}) =>
    call('POST', `/api/users/${id}/password-link/`, { token, headers })

  async function giveRole(userId: string, permissions: string[]) {
    const body = { name: permissions.join(), description: '', permissions }
    const role = (await call('POST', '/api/roles/', { token: root.access, body })).body
    const answer = await call('PUT', `/api/users/${userId}/roles/`, {
      token: root.access,
      body: { roles: [role.id] },
    })
    t.equal(answer.status, 200)
  }

  const rows = () => store.read.select().from(store.tables.oneTimeTokens)

  await t.test('401 without a token, 403 without the permission; nothing is made', async (t) => {
    t.equal((await call('POST', `/api/users/${alice.id}/password-link/`)).status, 401)
    t.equal((await make(alice.id, bob.access)).status, 403)
    t.same(await rows(), [])
  })

  await t.test('403 for an account that holds more, and for the own one', async (t) => {
    t.equal((await make(root.id, helper.access)).body.code, 'permission_denied')
    t.equal((await make(helper.id, helper.access)).body.code, 'permission_denied')
    t.equal((await make(root.id, root.access)).body.code, 'permission_denied')
    t.same(await rows(), [])
  })

  await t.test('404 where there is no such account', async (t) => {
    const answer = await make('0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11', root.access)
    t.equal(answer.status, 404)
  })

  await t.test(
    'ASVS 6.4.1, 14.2.1: 201 a link for 24 hours, its token behind the # of the configured URL',
    async (t) => {
      const answer = await make(alice.id, helper.access, { host: 'evil.example' })
      t.equal(answer.status, 201)
      t.equal(answer.headers['cache-control'], 'no-store')
      const url = new URL(answer.body.url)
      t.equal(url.origin + url.pathname + url.search, 'http://rollcall.test/set-password/')
      const lifetimeMs = Date.parse(answer.body.expires_at) - clock.now().getTime()
      t.equal(lifetimeMs, 24 * 3_600_000)
    },
  )

  await t.test(
    'ASVS 6.5.4, 11.5.1: the token has 256 random bits, and is kept as a hash',
    async (t) => {
      const tokens = new Set<string>()
      for (let count = 0; count < 5; count += 1) {
        const { url } = (await make(alice.id, helper.access)).body
        const token = new URL(url).hash.slice(1)
        t.match(token, /^rco_[\w-]{43}$/)
        t.equal(Buffer.from(token.slice(4), 'base64url').length, 32)
        tokens.add(token)
      }
      t.equal(tokens.size, 5)
      const kept = await rows()
      t.equal(kept.length, 1, 'the newest only')
      t.equal(kept[0]?.secretHash, sha256([...tokens].at(-1) ?? ''))
    },
  )

  await t.test('of 16 links that are made at once one is left', async (t) => {
    const made = await Promise.all(Array.from({ length: 16 }, () => make(alice.id, helper.access)))
    t.same([...new Set(made.map(({ status }) => status))], [201])
    t.equal((await rows()).length, 1)
  })

  await t.test('ASVS 6.4.6: the maker neither sees nor sets the password', async (t) => {
    const body = { username: 'alice', password }
    t.equal((await call('POST', '/api/token/', { body })).status, 200, 'it is as it was')
    const patch = { password: 'staple-paper-clip-42' }
    const answer = await call('PATCH', `/api/users/${alice.id}/`, {
      token: helper.access,
      body: patch,
    })
    t.equal(answer.status, 403)
  })

  await t.test('the trail tells who made a link for whom, without the token', async (t) => {
    const { url } = (await make(bob.id, helper.access)).body
    const { body } = await call('GET', '/api/audit/?action=password.link_made&limit=1', {
      token: root.access,
    })
    t.match(body.results, [{ actor_id: helper.id, target_type: 'user', target_id: bob.id }])
    const events = await store.read.select().from(store.tables.auditEvents)
    t.notOk(JSON.stringify(events).includes(new URL(url).hash.slice(5)))
  })
})
