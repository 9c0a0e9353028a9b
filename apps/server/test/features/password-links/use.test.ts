import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const server = await createServer(t, { database })
  const { call, signUp, store, clock, mails } = server
  const root = await signUp('root', { is_superuser: true })
  const alice = await signUp('alice')
  const fresh = 'staple-paper-clip-42'

  /** The tests move the clock by days: access tokens do not last that long. */
  async function asRoot() {
    const body = { username: 'root', password }
    return (await call('POST', '/api/token/', { body })).body.access
  }

  async function makeLink(id = alice.id): Promise<string> {
    const answer = await call('POST', `/api/users/${id}/password-link/`, { token: await asRoot() })
    return new URL(answer.body.url).hash.slice(1)
  }

  const use = (token: string, secret: string) =>
    call('POST', '/api/password/set/', { body: { token, new_password: secret } })
  const signIn = (secret: string, username = 'alice') =>
    call('POST', '/api/token/', { body: { username, password: secret } })
  const eventsOf = async (action: string) =>
    (await call('GET', `/api/audit/?action=${action}`, { token: await asRoot() })).body.results

  await t.test('400 a weak password does not burn the link', async (t) => {
    const token = await makeLink()
    t.same(fieldCodes(await use(token, 'short')), { new_password: 'password_too_short' })
    t.same(fieldCodes(await use(token, 'password123')), { new_password: 'password_too_common' })
    t.same(fieldCodes(await use(token, 'alice2026')), { new_password: 'password_too_similar' })
    t.equal((await signIn(password)).status, 200)
    t.same(mails, [])
    t.equal((await use(token, fresh)).status, 204)
    t.equal((await signIn(fresh)).status, 200)
  })

  await t.test(
    'ASVS 2.3.1, 6.4.1: 400 alike for an unknown, used, replaced, expired and foreign token',
    async (t) => {
      const used = await makeLink()
      await use(used, fresh)
      const replaced = await makeLink()
      const expired = await makeLink()
      clock.advance(24 * 3_600)
      const answers = [used, replaced, expired, 'rco_unknown', '', alice.refresh].map((token) =>
        use(token, 'brick-mortar-77-x'),
      )
      const bodies = (await Promise.all(answers)).map(({ status, body }) => {
        return { ...body, status, request_id: '' }
      })
      t.same(fieldCodes({ body: bodies[0] }), { token: 'invalid' })
      for (const body of bodies) t.same(body, bodies[0])
      t.equal((await signIn(fresh)).status, 200, 'the password is as it was')
    },
  )

  await t.test('a link works until its last second', async (t) => {
    const token = await makeLink()
    clock.advance(24 * 3_600 - 1)
    t.equal((await use(token, fresh)).status, 204)
  })

  await t.test('ASVS 7.4.3, 6.4.3: 204 ends every session and signs nobody in', async (t) => {
    const other = (await signIn(fresh)).body
    const answer = await use(await makeLink(), 'brick-mortar-77-x')
    t.equal(answer.status, 204)
    t.equal(answer.body, undefined)
    t.equal(answer.headers['set-cookie'], undefined)
    t.equal((await signIn(fresh)).status, 401)
    t.equal((await call('GET', '/api/users/me/', { token: other.access })).status, 401)
    const body = { refresh: other.refresh }
    t.equal((await call('POST', '/api/token/refresh/', { body })).status, 401)
    const { sessions } = store.tables
    const rows = await store.read.select().from(sessions)
    t.notOk(rows.some(({ userId }) => userId === alice.id))
    t.equal((await signIn('brick-mortar-77-x')).status, 200)
  })

  await t.test('ASVS 2.3.4: of 32 parallel uses one succeeds', async (t) => {
    const token = await makeLink()
    const before = (await eventsOf('password.set')).length
    const attempts = Array.from({ length: 32 }, (_, index) => use(token, `gravel-sand-${index}-q`))
    const statuses = (await Promise.all(attempts)).map(({ status }) => status)
    t.equal(statuses.filter((status) => status === 204).length, 1)
    t.same([...new Set(statuses)].sort(), [204, 400])
    t.equal((await signIn(`gravel-sand-${statuses.indexOf(204)}-q`)).status, 200)
    t.equal((await eventsOf('password.set')).length, before + 1)
  })

  await t.test('ASVS 6.6.2: a link is bound to its account', async (t) => {
    const bob = await signUp('bob')
    t.equal((await use(await makeLink(bob.id), 'harbour-lantern-3')).status, 204)
    t.equal((await signIn('harbour-lantern-3', 'bob')).status, 200)
    t.equal((await signIn('harbour-lantern-3')).status, 401)
  })

  await t.test('a link ends with the deactivation or a password change', async (t) => {
    const carol = await signUp('carol')
    const patch = async (is_active: boolean) =>
      call('PATCH', `/api/users/${carol.id}/`, { token: await asRoot(), body: { is_active } })
    const deactivated = await makeLink(carol.id)
    t.equal((await patch(false)).status, 200)
    t.same(fieldCodes(await use(deactivated, fresh)), { token: 'invalid' })
    t.equal((await patch(true)).status, 200)
    t.same(fieldCodes(await use(deactivated, fresh)), { token: 'invalid' })

    const outdated = await makeLink(carol.id)
    const { access } = (await signIn(password, 'carol')).body
    const body = { current_password: password, new_password: 'window-pebble-19' }
    t.equal((await call('POST', '/api/password/change/', { token: access, body })).status, 204)
    t.same(fieldCodes(await use(outdated, fresh)), { token: 'invalid' })
    t.equal((await signIn('window-pebble-19', 'carol')).status, 200)
  })

  await t.test('a link that is made for a deactivated account waits for it', async (t) => {
    const dave = await signUp('dave')
    const patch = async (is_active: boolean) =>
      call('PATCH', `/api/users/${dave.id}/`, { token: await asRoot(), body: { is_active } })
    await patch(false)
    const token = await makeLink(dave.id)
    t.same(fieldCodes(await use(token, fresh)), { token: 'invalid' })
    await patch(true)
    t.equal((await use(token, fresh)).status, 204)
  })

  await t.test('ASVS 6.3.7: the holder is told, and the trail tells who from where', async (t) => {
    mails.length = 0
    const token = await makeLink()
    await use(token, 'meadow-copper-88')
    t.match(mails, [
      { userId: alice.id, to: 'alice@example.com', subject: 'Your password was changed' },
    ])
    const [event] = await eventsOf('password.set')
    t.match(event, { actor_id: null, target_id: alice.id, ip: '127.0.0.1' })
    const everything = JSON.stringify([mails, await store.read.select().from(store.tables.users)])
    t.notOk(everything.includes(token.slice(4)) || everything.includes('meadow-copper'))
  })

  await t.test('expired links are swept, and live ones stay', async (t) => {
    const { oneTimeTokens } = store.tables
    await makeLink((await signUp('erin')).id)
    clock.advance(24 * 3_600)
    const live = await makeLink()
    t.equal(await server.oneTimeTokens.prune(), 1)
    t.equal((await store.read.select().from(oneTimeTokens)).length, 1)
    t.equal((await use(live, fresh)).status, 204)
  })

  await t.test('the last superuser stays one when a link sets the password', async (t) => {
    const second = await signUp('second', { is_superuser: true })
    const made = await call('POST', `/api/users/${root.id}/password-link/`, {
      token: second.access,
    })
    const token = new URL(made.body.url).hash.slice(1)
    t.equal((await use(token, 'orchard-violin-5')).status, 204)
    t.match((await signIn('orchard-violin-5', 'root')).status, 200)
  })
})
