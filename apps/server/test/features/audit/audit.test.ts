import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

interface Event {
  id: string
  action: string
  actor_id: string | null
  target_id: string | null
  details: Record<string, unknown>
}

await onEachDatabase(async (t, database) => {
  const { call, signUp, keys } = await createServer(t, { database })
  const root = await signUp('boss', { is_superuser: true })
  const alice = await signUp('alice')
  const list = (query = '', token = root.access, path = '/api/audit/') =>
    call('GET', `${path}${query}`, { token })
  const events = async (query = ''): Promise<Event[]> => (await list(query)).body.results

  await t.test('ASVS 16.2.1: a change is noted with who, what, when and from where', async (t) => {
    const agent = { 'user-agent': 'a browser' }
    const body = { first_name: 'Alicia' }
    const path = `/api/users/${alice.id}/`
    const changed = await call('PATCH', path, { token: root.access, body, headers: agent })
    const [event] = await events('?action=user.updated')
    t.match(event, {
      action: 'user.updated',
      actor_id: root.id,
      actor_session_id: String,
      target_type: 'user',
      target_id: alice.id,
      ip: '127.0.0.1',
      user_agent: 'a browser',
      request_id: changed.headers['x-request-id'],
      details: { before: { first_name: null }, after: { first_name: 'Alicia' } },
    })
  })

  await t.test('a refused change leaves no event', async (t) => {
    const before = (await events('?limit=100')).length
    const body = { email: 'boss@example.com' }
    const path = `/api/users/${alice.id}/`
    t.equal((await call('PATCH', path, { token: alice.access, body })).status, 400)
    t.equal((await events('?limit=100')).length, before)
  })

  await t.test('ASVS 16.2.5: a changed password is noted without a trace of it', async (t) => {
    const fresh = 'staple-paper-clip-42'
    await call('POST', '/api/password/change/', {
      token: alice.access,
      body: { current_password: password, new_password: fresh },
    })
    const [event] = await events('?action=password.changed')
    t.match(event, { actor_id: alice.id, target_id: alice.id })
    const text = JSON.stringify(await events('?limit=100'))
    for (const secret of [fresh, password, 'argon2']) t.notOk(text.includes(secret))
  })

  await t.test('roles, keys and deletions are noted', async (t) => {
    const body = { name: 'reader', permissions: ['users.view'] }
    const role = (await call('POST', '/api/roles/', { token: root.access, body })).body
    const bob = await signUp('bob')
    const roles = { roles: [role.id] }
    await call('PUT', `/api/users/${bob.id}/roles/`, { token: root.access, body: roles })
    await call('DELETE', `/api/roles/${role.id}/`, { token: root.access })
    await call('DELETE', `/api/users/${bob.id}/`, { token: root.access })
    await keys.rotate()
    const actions = (await events('?limit=100')).map(({ action }) => action)
    for (const action of [
      'role.created',
      'user.roles_changed',
      'role.deleted',
      'user.deleted',
      'key.rotated',
    ]) {
      t.ok(actions.includes(action), action)
    }
    const [given] = await events('?action=user.roles_changed')
    t.same(given?.details, { before: { roles: [] }, after: { roles: ['reader'] } })
  })

  await t.test('filters by actor, target, action and time', async (t) => {
    const byActor = await events(`?actor=${alice.id}`)
    t.ok(byActor.length > 0 && byActor.every(({ actor_id: id }) => id === alice.id))
    const byTarget = await events(`?target=${alice.id}`)
    t.ok(byTarget.length > 0 && byTarget.every(({ target_id: id }) => id === alice.id))
    t.same(await events('?before=2020-01-01T00:00:00Z'), [])
    t.ok((await events('?after=2020-01-01T00:00:00%2B01:00')).length > 0)
    t.equal((await list('?action=nothing')).status, 400)
  })

  await t.test('walks forwards and backwards over every event once', async (t) => {
    const all = await events('?limit=100')
    const walked: Event[] = []
    let page = (await list('?limit=3')).body
    const first = page
    for (;;) {
      walked.push(...page.results)
      if (page.next === null) break
      page = (await list(new URL(page.next).search)).body
    }
    t.same(walked, all)
    const back = walked.slice(-page.results.length)
    while (back[0]?.id !== all[0]?.id) {
      page = (await list(new URL(page.previous).search)).body
      back.unshift(...page.results)
    }
    t.same(back, all)
    t.same(page.results, first.results)
    t.equal((await list('?cursor=forged')).status, 400)
  })

  await t.test('everybody reads their own history, and nobody else’s', async (t) => {
    const own = await list('', alice.access, '/api/users/me/audit/')
    t.equal(own.status, 200)
    const { results } = own.body as { results: Event[] }
    t.ok(results.every((event) => [event.actor_id, event.target_id].includes(alice.id)))
    const others = `/api/users/${root.id}/audit/`
    t.equal((await list('', alice.access, others)).status, 403)
    t.equal((await list('', root.access, others)).status, 200)
    t.equal((await list('', alice.access)).status, 403)
  })
})
