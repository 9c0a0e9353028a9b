import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const { call, signUp, store } = await createServer(t, { database })
  const root = await signUp('boss', { is_superuser: true })
  const alice = await signUp('alice')
  const patch = (body: object, token = alice.access, id = alice.id, headers = {}) =>
    call('PATCH', `/api/users/${id}/`, { body, token, headers })

  await t.test('200 changes the members sent and no others', async (t) => {
    const before = await call('GET', `/api/users/${alice.id}/`, { token: alice.access })
    const answer = await patch({ first_name: ' Alice ', address: 'a\nb', phone_number: '' })
    t.equal(answer.status, 200)
    const expected = { ...before.body, first_name: 'Alice', address: 'a\nb', phone_number: null }
    t.same(answer.body, expected)
    t.not(answer.headers.etag, before.headers.etag)
  })

  await t.test('200 what GET returned can be sent back', async (t) => {
    const { body } = await call('GET', '/api/users/me/', { token: alice.access })
    const answer = await call('PATCH', '/api/users/me/', { token: alice.access, body })
    t.equal(answer.status, 200)
    const { permissions: _, ...account } = body
    t.same(answer.body, account)
  })

  await t.test('200 a search finds the new name and not the old one', async (t) => {
    await patch({ last_name: 'Liddell' })
    await patch({ last_name: 'Hargreaves' })
    const found = async (search: string) => {
      const { body } = await call('GET', `/api/users/?search=${search}`, { token: root.access })
      return body.results.map(({ username }: { username: string }) => username)
    }
    t.same(await found('HARGREAVES'), ['alice'])
    t.same(await found('liddell'), [])
  })

  await t.test('a reason is noted with a change of is_active, and kept nowhere else', async (t) => {
    const carl = await signUp('carl')
    const change = (body: object) => patch(body, root.access, carl.id)
    const noted = async () => {
      const path = `/api/users/${carl.id}/audit/?limit=100`
      const { results } = (await call('GET', path, { token: root.access })).body
      return results
        .filter(({ action }: { action: string }) => action === 'user.updated')
        .map(({ details }: { details: object }) => details)
    }
    const answer = await change({ is_active: false, reason: ' Lost the badge. ' })
    t.equal(answer.status, 200)
    t.notOk('reason' in answer.body)
    t.same(await noted(), [
      { before: { is_active: true }, after: { is_active: false }, reason: 'Lost the badge.' },
    ])
    const { etag } = answer.headers
    t.equal((await change({ is_active: false, reason: 'again' })).headers.etag, etag)
    t.equal((await change({ reason: 'alone' })).headers.etag, etag, 'alone it changes nothing')
    await change({ first_name: 'Carl', reason: 'of a name' })
    await change({ is_active: true, reason: '' })
    const [last, name] = await noted()
    t.same(last, { before: { is_active: false }, after: { is_active: true } }, 'empty is none')
    t.notOk('reason' in name)
    t.equal((await noted()).length, 3)
    const rows = await store.read.select().from(store.tables.users)
    t.notMatch(JSON.stringify(rows), /Lost the badge|of a name/)
    const long = await change({ is_active: false, reason: 'a'.repeat(501) })
    t.same(fieldCodes(long), { reason: 'max_length' })
  })

  await t.test('ASVS 6.2.3: 400 the own password changes only with the one in force', async (t) => {
    const fresh = 'staple-paper-clip-42'
    const without = await patch({ password: fresh })
    t.equal(without.status, 400)
    t.same(fieldCodes(without), { current_password: 'password_incorrect' })
    const wrong = await patch({ password: fresh, current_password: 'wrong' })
    t.same(fieldCodes(wrong), { current_password: 'password_incorrect' })
    t.equal((await signIn(password)).status, 200, 'the old one still holds')
  })

  await t.test(
    'ASVS 7.4.3: a new password ends the other sessions and keeps this one',
    async (t) => {
      const other = (await signIn(password)).body
      const fresh = 'staple-paper-clip-42'
      const changed = await patch({ password: fresh, current_password: password })
      t.equal(changed.status, 200)
      t.equal((await call('GET', '/api/users/me/', { token: alice.access })).status, 200)
      t.equal((await call('GET', '/api/users/me/', { token: other.access })).status, 401)
      t.equal((await signIn(password)).status, 401)
      t.equal((await signIn(fresh)).status, 200)
    },
  )

  await t.test('400 a taken name is refused, and the own one is not', async (t) => {
    t.same(fieldCodes(await patch({ username: 'BOSS' })), { username: 'unique' })
    t.same(fieldCodes(await patch({ email: 'boss@example.com' })), { email: 'unique' })
    t.equal((await patch({ username: 'Alice' })).status, 200)
  })

  await t.test('ASVS 8.2.3: 403 names the member that the caller may not change', async (t) => {
    for (const member of ['is_active', 'is_staff', 'is_superuser']) {
      const value = member !== 'is_active'
      const answer = await patch({ [member]: value, first_name: 'Changed' })
      t.equal(answer.status, 403)
      t.match(answer.body, { code: 'permission_denied', errors: [{ field: member }] })
      t.match(answer.body.detail, member)
    }
    const { body } = await call('GET', '/api/users/me/', { token: alice.access })
    t.match(body, { is_active: true, is_staff: false, is_superuser: false, first_name: 'Alice' })
  })

  await t.test('ASVS 6.4.6: 403 nobody sets another’s password', async (t) => {
    const answer = await patch({ password: 'staple-paper-clip-43' }, root.access)
    t.equal(answer.status, 403)
    t.match(answer.body.errors, [{ field: 'password' }])
  })

  await t.test('403 for another’s account, 404 for none', async (t) => {
    t.equal((await patch({ first_name: 'X' }, alice.access, root.id)).status, 403)
    const nobody = '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11'
    t.equal((await patch({ first_name: 'X' }, root.access, nobody)).status, 404)
  })

  await t.test('ASVS 8.3.2: a granted and a withdrawn right act on the next request', async (t) => {
    t.equal((await call('GET', '/api/users/', { token: alice.access })).status, 403)
    t.equal((await patch({ is_superuser: true }, root.access)).status, 200)
    t.equal((await call('GET', '/api/users/', { token: alice.access })).status, 200)
    t.equal((await patch({ is_superuser: false }, root.access)).status, 200)
    t.equal((await call('GET', '/api/users/', { token: alice.access })).status, 403)
  })

  await t.test('ASVS 7.4.2: deactivation ends every session at once', async (t) => {
    const bob = await signUp('bob')
    const answer = await patch({ is_active: false }, root.access, bob.id)
    t.equal(answer.body.is_active, false)
    t.equal((await call('GET', '/api/users/me/', { token: bob.access })).status, 401)
    const refreshed = await call('POST', '/api/token/refresh/', { body: { refresh: bob.refresh } })
    t.equal(refreshed.status, 401)
    const sessions = await store.read.select().from(store.tables.sessions)
    t.notOk(sessions.some(({ userId }) => userId === bob.id))
  })

  await t.test('412 when the account was changed meanwhile; nothing is overwritten', async (t) => {
    const { headers } = await call('GET', '/api/users/me/', { token: alice.access })
    const etag = String(headers.etag)
    const ifMatch = { 'if-match': etag }
    t.equal((await patch({ first_name: 'One' }, alice.access, alice.id, ifMatch)).status, 200)
    const late = await patch({ first_name: 'Two' }, alice.access, alice.id, ifMatch)
    t.equal(late.status, 412)
    t.equal(late.body.code, 'precondition_failed')
    const weak = await patch({ first_name: 'X' }, alice.access, alice.id, { 'if-match': 'W/"1"' })
    t.equal(weak.status, 412, 'a weak tag never matches')
    t.equal(
      (await patch({ first_name: 'Three' }, alice.access, alice.id, { 'if-match': '*' })).status,
      200,
    )
  })

  await t.test('of 16 parallel changes of one version one succeeds', async (t) => {
    const { headers } = await call('GET', '/api/users/me/', { token: alice.access })
    const ifMatch = { 'if-match': String(headers.etag) }
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        patch({ first_name: `N${index}` }, alice.access, alice.id, ifMatch),
      ),
    )
    const statuses = answers.map(({ status }) => status).sort()
    t.same(statuses, [200, ...Array(15).fill(412)])
  })

  function signIn(secret: string) {
    return call('POST', '/api/token/', { body: { username: 'alice', password: secret } })
  }
})
