import type { SigningKey } from '@rollcall/contract'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes } from '../../support/server.ts'

const lasting = { accessTokenSeconds: 300, reauthenticationSeconds: 900 }

await onEachDatabase(async (t, database) => {
  async function setUp() {
    const server = await createServer(t, { database, config: lasting })
    const { call, client, signUp } = server
    await signUp('root', { is_superuser: true })
    const root = client()
    await root.auth.signIn({ username: 'root', password: 'correct-horse-battery' })
    const states = async () => (await root.keys.list()).results.map(({ state }) => state)
    const publicIds = async () =>
      (await call('GET', '/.well-known/jwks.json')).body.keys.map(({ kid }: SigningKey) => kid)
    /** What somebody did to keys: the first one is made by the server itself. */
    const events = async () =>
      (await root.audit.list()).results.filter(
        ({ action, actor_id: actorId }) => action.startsWith('key.') && actorId !== null,
      )
    return { ...server, root, states, publicIds, events }
  }

  await t.test('200 lists each key with what it does now', async (t) => {
    const { root, states, clock } = await setUp()
    t.same(await states(), ['signing'])
    await root.keys.rotate({})
    t.same(await states(), ['next', 'signing'])
    clock.advance(299)
    t.same(await states(), ['next', 'signing'])
    clock.advance(1)
    t.same(await states(), ['signing', 'retiring'])
    const [, old] = (await root.keys.list()).results
    const left = Date.parse(old?.verifies_until ?? '') - clock.now().getTime()
    t.equal(left, 360_000, 'as long as its last tokens live')
    clock.advance(360)
    t.same(await states(), ['signing', 'retired'])
    await root.auth.reauthenticate({ password: 'correct-horse-battery' })
    await root.keys.rotate({})
    t.same(await states(), ['next', 'signing'], 'what is retired goes with the next rotation')
  })

  await t.test('ASVS 13.3.1: no answer holds the private half of a key', async (t) => {
    const { root, store } = await setUp()
    const made = await root.keys.rotate({})
    const text = JSON.stringify([made, await root.keys.list()])
    for (const row of await store.read.select().from(store.tables.signingKeys)) {
      t.ok(text.includes(row.id))
      t.notOk(text.includes(row.sealedPrivateKey))
    }
    const members = ['created_at', 'kid', 'signs_from', 'state', 'verifies_until']
    t.same(Object.keys(made).sort(), members)
  })

  await t.test('200 rotates: the next key is known at once, and refuses no token', async (t) => {
    const { root, publicIds, clock, events } = await setUp()
    const { id } = await root.users.me()
    const [before] = await publicIds()
    const made = await root.keys.rotate({ now: false })
    t.equal(made.state, 'next')
    t.equal(Date.parse(made.signs_from) - clock.now().getTime(), 300_000)
    t.same(await publicIds(), [made.kid, before])
    t.equal((await root.users.me()).id, id)
    t.match(await events(), [
      {
        action: 'key.rotated',
        actor_id: id,
        actor_session_id: String,
        target_type: 'key',
        target_id: made.kid,
        details: { signs_from: made.signs_from },
      },
    ])
  })

  await t.test('200 with `now` refuses every token of the other keys at once', async (t) => {
    const { call, root, signUp, publicIds, states, events } = await setUp()
    const { id } = await root.users.me()
    const alice = await signUp('alice')
    const made = await root.keys.rotate({ now: true })
    t.equal(made.state, 'signing')
    t.same(await publicIds(), [made.kid])
    const refused = await call('GET', '/api/users/me/', { token: alice.access })
    t.equal(refused.body.code, 'token_not_valid')
    const body = { refresh: alice.refresh }
    const renewed = (await call('POST', '/api/token/refresh/', { body })).body
    t.equal((await call('GET', '/api/users/me/', { token: renewed.access })).status, 200)
    t.same(await states(), ['signing', 'retired'], 'the caller has been renewed too')
    t.match(await events(), [{ action: 'key.replaced', actor_id: id, target_id: made.kid }])
  })

  await t.test('of many who rotate at once each gets a key, and no token is refused', async (t) => {
    const { root, signUp, call, publicIds } = await setUp()
    const { access: token } = await signUp('alice')
    const made = await Promise.all(Array.from({ length: 16 }, () => root.keys.rotate({})))
    t.equal(new Set(made.map(({ kid }) => kid)).size, 16)
    t.equal((await publicIds()).length, 17)
    t.equal((await call('GET', '/api/users/me/', { token })).status, 200)
  })

  await t.test('400 for anything but a flag', async (t) => {
    const { call, signUp, publicIds } = await setUp()
    const { access: token } = await signUp('boss', { is_superuser: true })
    for (const now of ['true', 1, null, {}]) {
      const answer = await call('POST', '/api/keys/rotate/', { token, body: { now } })
      t.equal(answer.status, 400)
      t.same(Object.keys(fieldCodes(answer)), ['now'])
    }
    t.equal((await publicIds()).length, 1)
  })

  await t.test('403 without the permission, and each permission is one of its own', async (t) => {
    const { root, client, signUp, publicIds } = await setUp()
    const { id } = await signUp('alice')
    const alice = client()
    await alice.auth.signIn({ username: 'alice', password: 'correct-horse-battery' })
    const denied = { code: 'permission_denied' }
    await t.rejects(alice.keys.list(), denied)
    const { id: role } = await root.roles.create({ name: 'watcher', permissions: ['keys.view'] })
    await root.users.setRoles(id, { roles: [role] })
    t.equal((await alice.keys.list()).results.length, 1)
    await t.rejects(alice.keys.rotate({}), denied)
    t.equal((await publicIds()).length, 1)
  })

  await t.test('ASVS 7.5.3: 403 to who has not given the password lately', async (t) => {
    const { root, clock, publicIds, events } = await setUp()
    clock.advance(901)
    for (const now of [false, true]) {
      await t.rejects(root.keys.rotate({ now }), { code: 'reauthentication_required' })
    }
    t.equal((await publicIds()).length, 1)
    t.same(await events(), [])
    await root.auth.reauthenticate({ password: 'correct-horse-battery' })
    t.equal((await root.keys.rotate({})).state, 'next')
  })
})
