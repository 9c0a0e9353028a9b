import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0'

await onEachDatabase(async (t, database) => {
  const config = { sessionsPerUser: 5 }
  const { call, signUp, clock, store } = await createServer(t, { database, config })
  const root = await signUp('boss', { is_superuser: true })
  const alice = await signUp('alice')
  const bob = await signUp('bob')
  const signIn = async (username: string, agent = firefox) =>
    (
      await call('POST', '/api/token/', {
        body: { username, password },
        headers: { 'user-agent': agent },
      })
    ).body
  const list = async (token: string, path = '/api/sessions/') => call('GET', path, { token })
  const status = async (token: string) => (await list(token)).status

  await t.test('ASVS 7.5.2: everybody sees where they are signed in, and no token', async (t) => {
    const other = await signIn('alice')
    const { status, body } = await list(alice.access)
    t.equal(status, 200)
    t.equal(body.results.length, 2)
    const [firefoxSession] = body.results.filter(({ current }: { current: boolean }) => !current)
    t.match(firefoxSession, { device: 'Firefox on Windows', user_agent: firefox, ip: '127.0.0.1' })
    t.equal(body.results.filter(({ current }: { current: boolean }) => current).length, 1)
    for (const secret of [other.refresh, other.access]) {
      t.notOk(JSON.stringify(body).includes(secret.slice(-20)))
    }
  })

  await t.test('ASVS 7.5.2: 204 ends one of the own sessions, and only that one', async (t) => {
    const other = await signIn('alice')
    const { results } = (await list(other.access)).body
    const { id } = results.find(({ current }: { current: boolean }) => current)
    const answer = await call('DELETE', `/api/sessions/${id}/`, { token: alice.access })
    t.equal(answer.status, 204)
    t.equal(await status(other.access), 401)
    t.equal(await status(alice.access), 200)
  })

  await t.test('404 for another’s session, which goes on', async (t) => {
    const { id } = (await list(bob.access)).body.results[0]
    const answer = await call('DELETE', `/api/sessions/${id}/`, { token: alice.access })
    t.equal(answer.status, 404)
    t.equal(await status(bob.access), 200)
  })

  await t.test('signing out of the others keeps this one; of all keeps none', async (t) => {
    const [here, there] = [await signIn('alice'), await signIn('alice')]
    const leave = (scope: string, { access, refresh }: typeof here) =>
      call('POST', '/api/logout/', { token: access, body: { refresh, scope } })
    t.equal((await leave('others', here)).status, 205)
    t.same([await status(here.access), await status(there.access)], [200, 401])
    const again = await signIn('alice')
    t.equal((await leave('all', here)).status, 205)
    t.same([await status(here.access), await status(again.access)], [401, 401])
    t.equal((await leave('none', await signIn('alice'))).status, 400)
  })

  await t.test('ASVS 7.4.5: staff see and end the sessions of an account', async (t) => {
    const path = `/api/users/${bob.id}/sessions/`
    t.equal((await list(root.access, path)).body.results.length, 1)
    const mallory = await signUp('mallory')
    t.equal((await list(mallory.access, path)).status, 403)
    t.equal((await call('DELETE', path, { token: mallory.access })).status, 403)
    t.equal((await call('DELETE', path, { token: root.access })).status, 204)
    t.equal(await status(bob.access), 401)
  })

  await t.test(
    'ASVS 7.4.5: staff end one session of an account, and leave the others',
    async (t) => {
      const [one, two] = [await signIn('alice'), await signIn('alice')]
      const { results } = (await list(two.access)).body
      const current = results.find((session: { current: boolean }) => session.current)
      const end = (token: string) => call('DELETE', `/api/sessions/${current.id}/`, { token })
      const mallory = await signUp('mallory2')
      t.equal((await end(mallory.access)).status, 404, 'without the permission there is none')
      t.equal(await status(two.access), 200)
      t.equal((await end(root.access)).status, 204)
      t.same([await status(one.access), await status(two.access)], [200, 401])
      t.equal((await end(root.access)).status, 404)
      const helper = await signUp('helper')
      const roles = [(await call('GET', '/api/roles/', { token: root.access })).body.results]
        .flat()
        .filter(({ name }: { name: string }) => name === 'support')
        .map(({ id }: { id: string }) => id)
      await call('PUT', `/api/users/${helper.id}/roles/`, { token: root.access, body: { roles } })
      const own = (await list(root.access)).body.results[0]
      const stronger = await call('DELETE', `/api/sessions/${own.id}/`, { token: helper.access })
      t.equal(stronger.status, 403, 'not of who holds more')
    },
  )

  await t.test('ASVS 2.3.2, 7.1.2: beyond the limit the oldest session gives way', async (t) => {
    const carol = await signUp('carol')
    const others = []
    for (let count = 0; count < 5; count += 1) {
      clock.advance(1)
      others.push(await signIn('carol'))
    }
    t.equal(await status(carol.access), 401, 'the first')
    for (const { access } of others) t.equal(await status(access), 200)
  })

  await t.test(
    'ASVS 7.3.2: a session of staff ends after 12 hours, however it is used',
    async (t) => {
      let { refresh: token } = await signIn('boss')
      for (let hour = 0; hour < 12; hour += 1) {
        const answer = await call('POST', '/api/token/refresh/', { body: { refresh: token } })
        t.equal(answer.status, 200)
        token = answer.body.refresh
        clock.advance(3_600)
      }
      const late = await call('POST', '/api/token/refresh/', { body: { refresh: token } })
      t.equal(late.status, 401)
      t.ok(await store.read.$count(store.tables.sessions))
    },
  )

  await t.test('so does a session from before its holder was staff', async (t) => {
    const dave = await signUp('dave')
    clock.advance(12 * 3_600)
    const { access } = await signIn('boss')
    const body = { refresh: dave.refresh }
    t.equal(
      (await call('POST', '/api/token/verify/', { body: { token: dave.refresh } })).status,
      200,
    )
    const path = `/api/users/${dave.id}/`
    await call('PATCH', path, { token: access, body: { is_staff: true } })
    t.equal((await call('POST', '/api/token/refresh/', { body })).status, 401)
    t.equal(
      (await call('POST', '/api/token/verify/', { body: { token: dave.refresh } })).status,
      401,
    )
  })
})
