import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const { call, signUp } = await createServer(t, { database })
  const alice = await signUp('alice')
  const change = (current: string, fresh: string, token = alice.access) =>
    call('POST', '/api/password/change/', {
      token,
      body: { current_password: current, new_password: fresh },
    })
  const signIn = (secret: string) =>
    call('POST', '/api/token/', { body: { username: 'alice', password: secret } })
  const fresh = 'staple-paper-clip-42'

  await t.test('400 a wrong current or weak new password; nothing changes', async (t) => {
    t.same(fieldCodes(await change('wrong', fresh)), { current_password: 'password_incorrect' })
    const weak = await change('wrong', 'password123')
    t.same(fieldCodes(weak), {
      current_password: 'password_incorrect',
      new_password: 'password_too_common',
    })
    t.same(fieldCodes(await change(password, 'alice2026')), {
      new_password: 'password_too_similar',
    })
    t.equal((await signIn(password)).status, 200)
  })

  await t.test('401 without a token', async (t) => {
    const body = { current_password: password, new_password: fresh }
    t.equal((await call('POST', '/api/password/change/', { body })).status, 401)
  })

  await t.test('ASVS 6.2.2, 7.4.3: 204 the new one holds and other sessions end', async (t) => {
    const other = (await signIn(password)).body
    const answer = await change(password, fresh)
    t.equal(answer.status, 204)
    t.equal((await signIn(password)).status, 401)
    t.equal((await signIn(fresh)).status, 200)
    t.equal((await call('GET', '/api/users/me/', { token: alice.access })).status, 200)
    t.equal((await call('GET', '/api/users/me/', { token: other.access })).status, 401)
    const refreshed = await call('POST', '/api/token/refresh/', {
      body: { refresh: other.refresh },
    })
    t.equal(refreshed.status, 401)
  })

  await t.test('of 16 parallel changes from one password one succeeds', async (t) => {
    const attempts = Array.from({ length: 16 }, (_, index) =>
      change(fresh, `brick-mortar-${index}-x`),
    )
    const statuses = (await Promise.all(attempts)).map(({ status }) => status)
    t.equal(statuses.filter((status) => status === 204).length, 1)
  })
})
