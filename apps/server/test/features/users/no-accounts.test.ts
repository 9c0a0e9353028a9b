import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

const names = ['admin', 'administrator', 'root', 'rollcall', 'superuser', 'test', 'guest', 'demo']
const passwords = ['admin', 'password', 'rollcall', 'changeme', '']

await onEachDatabase(async (t, database) => {
  await t.test(
    'ASVS 6.3.2: a new database has no account, and no default pair opens it',
    async (t) => {
      const { call, store } = await createServer(t, { database })
      t.equal(await store.read.$count(store.tables.users), 0)
      for (const username of names) {
        for (const password of [...passwords, username]) {
          const body = { username, password }
          t.equal(
            (await call('POST', '/api/token/', { body })).status,
            401,
            `${username} ${password}`,
          )
        }
      }
      t.equal(await store.read.$count(store.tables.sessions), 0)
    },
  )

  await t.test('ASVS 6.2.10: after two years the password still opens the account', async (t) => {
    const { call, clock, signUp } = await createServer(t, { database })
    await signUp('alice')
    clock.advance(2 * 365 * 86_400)
    const body = { username: 'alice', password }
    const { status, body: tokens } = await call('POST', '/api/token/', { body })
    t.equal(status, 200)
    t.equal((await call('GET', '/api/users/me/', { token: tokens.access })).status, 200)
  })
})
