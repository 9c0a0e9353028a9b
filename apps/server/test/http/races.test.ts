import { ne } from 'drizzle-orm'
import type { Test } from 'tap'
import { type DatabaseName, onEachDatabase } from '../support/databases.ts'
import { createServer, password } from '../support/server.ts'
import { allRows } from './rows.ts'

/** The real application, with a way to call it many times at once. */
async function createRacing(t: Test, database: DatabaseName) {
  const server = await createServer(t, { database })
  const root = await server.signUp('root1', { is_superuser: true })

  /** How often each status was answered. */
  async function race(count: number, call: (index: number) => Promise<{ status: number }>) {
    const answers = await Promise.all(Array.from({ length: count }, (_, index) => call(index)))
    const tally: Record<number, number> = {}
    for (const { status } of answers) tally[status] = (tally[status] ?? 0) + 1
    return tally
  }
  return { ...server, root, race }
}

await onEachDatabase(async (t, database) => {
  await t.test('ASVS 2.3.4: of 32 who register the same names one succeeds', async (t) => {
    const { call, race, store } = await createRacing(t, database)
    const register = (username: string, email: string) =>
      call('POST', '/api/register/', { body: { username, email, password } })

    t.same(await race(32, (i) => register('Twin', `twin${i}@example.com`)), { 201: 1, 400: 31 })
    t.same(await race(32, (i) => register(`mail${i}`, 'M@example.com')), { 201: 1, 400: 31 })
    for (let round = 0; round < 5; round += 1) {
      const shared = `shared${round}@example.com`
      const tally = await race(32, (i) =>
        i % 2
          ? register(shared, `own${round}-${i}@example.com`)
          : register(`u${round}-${i}`, shared),
      )
      t.same(tally, { 201: 1, 400: 31 }, 'one’s name is never the address of another')
    }
    const { users } = await allRows(store)
    t.equal(users.length, 1 + 2 + 5)
  })

  await t.test('ASVS 2.3.4: of 16 who take the same name one succeeds', async (t) => {
    const { call, race, signUp } = await createRacing(t, database)
    const people = await Promise.all(Array.from({ length: 16 }, () => signUp()))
    const tally = await race(16, (i) =>
      call('PATCH', '/api/users/me/', {
        token: people[i]?.access ?? '',
        body: i % 2 ? { username: 'x@example.com' } : { email: 'X@example.com' },
      }),
    )
    t.same(tally, { 200: 1, 400: 15 })
  })

  await t.test('ASVS 15.4.2: of 16 edits of the same version one succeeds', async (t) => {
    const { call, race, root } = await createRacing(t, database)
    const headers = { 'if-match': '"1"' }
    const tally = await race(16, (i) =>
      call('PATCH', '/api/users/me/', {
        token: root.access,
        headers,
        body: { first_name: `${i}` },
      }),
    )
    t.same(tally, { 200: 1, 412: 15 })
  })

  await t.test(
    'ASVS 15.4.2: of 16 who change one password with one proof one succeeds',
    async (t) => {
      const { call, race, signUp } = await createRacing(t, database)
      const { access: token } = await signUp('alice')
      const tally = await race(16, (i) =>
        call('POST', '/api/password/change/', {
          token,
          body: { current_password: password, new_password: `entirely-new-${i}-secret` },
        }),
      )
      t.same(tally, { 204: 1, 400: 15 })
    },
  )

  await t.test('an account that is deleted while it is changed is gone', async (t) => {
    const { call, race, root, signUp, store } = await createRacing(t, database)
    const { id } = await signUp('alice')
    const tally = await race(32, (i) =>
      i % 8
        ? call('PATCH', `/api/users/${id}/`, { token: root.access, body: { first_name: `${i}` } })
        : call('DELETE', `/api/users/${id}/`, { token: root.access }),
    )
    t.equal(tally[204], 1)
    t.equal((tally[200] ?? 0) + (tally[404] ?? 0), 31)
    const { users, sessions } = await allRows(store)
    t.equal(users.length, 1)
    t.equal(sessions.length, 1)
  })

  await t.test('one superuser stays, whoever removes whom at the same moment', async (t) => {
    const { call, race, root, signUp, store } = await createRacing(t, database)
    const others = await Promise.all(
      Array.from({ length: 15 }, (_, i) => signUp(`super${i}`, { is_superuser: true })),
    )
    const everybody = [root, ...others]
    const tally = await race(16, (i) => {
      const url = `/api/users/${everybody[i]?.id}/`
      const token = everybody[(i + 1) % 16]?.access ?? ''
      if (i % 3 === 0) return call('DELETE', url, { token })
      const body = i % 3 === 1 ? { is_superuser: false } : { is_active: false }
      return call('PATCH', url, { token, body })
    })
    const allowed = ['200', '204', '401', '403', '409']
    t.same(
      Object.keys(tally).filter((status) => !allowed.includes(status)),
      [],
      'none fails',
    )
    const { users } = await allRows(store)
    const left = users.filter(({ isActive, isSuperuser }) => isActive && isSuperuser)
    t.ok(left.length >= 1, `${left.length} left`)
  })

  if (database !== 'postgres') return

  await t.test('an edit of an ordinary account waits for no superuser', async (t) => {
    const { call, signUp, store } = await createRacing(t, database)
    const { id, access: token } = await signUp('alice')
    const { users } = store.tables
    await store.write(async (tx) => {
      // Every superuser is being written by somebody else.
      await tx.update(users).set({ version: 2 }).where(ne(users.id, id))
      const body = { first_name: 'Alice' }
      const { status } = await call('PATCH', '/api/users/me/', { token, body })
      t.equal(status, 200)
      t.equal((await call('DELETE', '/api/users/me/', { token })).status, 204)
    })
  })
})
