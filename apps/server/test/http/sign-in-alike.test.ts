import t from 'tap'
import { createServer, password } from '../support/server.ts'
import { allRows } from './rows.ts'

t.test('ASVS 6.3.8: unknown, wrong and inactive are refused byte for byte alike', async (t) => {
  const { app, call, signUp, store } = await createServer(t)
  const root = await signUp('root1', { is_superuser: true })
  const alice = await signUp('alice')
  const bob = await signUp('bob')
  await call('PATCH', `/api/users/${bob.id}/`, { token: root.access, body: { is_active: false } })
  const before = await allRows(store)

  const attempts = {
    'an unknown name': { username: 'nobody', password },
    'an unknown address': { username: 'nobody@example.com', password },
    'no name': { username: '', password },
    'a name that cannot be': { username: 'no such name!', password },
    'a long name': { username: 'a'.repeat(254), password },
    'a wrong password': { username: 'alice', password: 'wrong-horse-battery' },
    'a wrong password by address': { username: alice.email, password: 'wrong-horse-battery' },
    'no password': { username: 'alice', password: '' },
    'the password and a space': { username: 'alice', password: `${password} ` },
    'the password in capitals': { username: 'alice', password: password.toUpperCase() },
    'an inactive account': { username: 'bob', password },
    'an inactive account by address': { username: bob.email, password },
    'an inactive account, wrong password': { username: 'bob', password: 'wrong-horse-battery' },
  }
  const answers = new Set<string>()
  for (const body of Object.values(attempts)) {
    const {
      statusCode,
      headers,
      body: text,
    } = await app.inject({
      method: 'POST',
      url: '/api/token/',
      payload: body,
    })
    const { date: _date, 'x-request-id': requestId, ...others } = headers
    const rest = text.replace(String(requestId), '')
    answers.add(JSON.stringify([statusCode, others, rest]))
  }
  t.equal(answers.size, 1, [...answers].join('\n'))
  t.match([...answers][0], 'no_active_account')
  t.same(await allRows(store), before, 'no session is opened, no sign-in noted')

  const right = await call('POST', '/api/token/', { body: { username: 'ALICE', password } })
  t.equal(right.status, 200)
})

t.test('ASVS 6.3.8: an unusable hash is refused like a wrong password', async (t) => {
  const { call, signUp, store } = await createServer(t)
  await signUp('alice')
  const { users } = store.tables
  const wrong = { body: { username: 'alice', password: 'wrong-horse-battery' } }
  const { request_id: _first, ...expected } = (await call('POST', '/api/token/', wrong))
    .body as Record<string, unknown>
  for (const passwordHash of ['', 'x', '$argon2id$', '!', '$argon2id$v=19$m=8,t=1,p=1$AA$AA']) {
    await store.write((tx) => tx.update(users).set({ passwordHash }))
    const { status, body } = await call('POST', '/api/token/', {
      body: { username: 'alice', password },
    })
    const { request_id: _id, ...rest } = body as Record<string, unknown>
    t.equal(status, 401, passwordHash)
    t.same(rest, expected)
  }
})

t.test('another account’s id and one that is not there are refused alike', async (t) => {
  const { call, signUp } = await createServer(t)
  const alice = await signUp('alice')
  const bob = await signUp('bob')
  const missing = '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11'
  for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
    const body = method.startsWith('P') ? { username: 'x', email: 'x@example.com' } : undefined
    const answers = new Set<string>()
    for (const id of [bob.id, missing, 'x', '1']) {
      const answer = await call(method, `/api/users/${id}/`, { token: alice.access, body })
      const { request_id: _id, ...rest } = answer.body as Record<string, unknown>
      answers.add(JSON.stringify([answer.status, rest]))
    }
    t.equal(answers.size, 1, method)
    t.match([...answers][0], 'permission_denied')
  }
})
