import { operator } from '../../../src/features/audit/origin.ts'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  await t.test('200 a superuser is needed until there is one, and never again', async (t) => {
    const { call, users, store } = await createServer(t, { database })
    const see = async () => (await call('GET', '/api/setup/')).body
    t.same(await see(), { needs_superuser: true, registration: 'open' })
    const alice = { username: 'alice', email: 'alice@example.com', password }
    await users.create({ ...alice, is_staff: true }, operator)
    t.equal((await see()).needs_superuser, true, 'staff are no superusers')
    const root = { username: 'root', email: 'root@example.com', password, is_superuser: true }
    await users.create(root, operator)
    t.equal((await see()).needs_superuser, false)

    const read = store.read.select
    t.teardown(() => {
      store.read.select = read
    })
    store.read.select = () => {
      throw new Error('the database is asked')
    }
    t.equal((await see()).needs_superuser, false, 'which is remembered')
  })

  await t.test('it tells who may register', async (t) => {
    for (const registration of ['open', 'invite', 'closed'] as const) {
      const { call } = await createServer(t, { database, config: { registration } })
      t.equal((await call('GET', '/api/setup/')).body.registration, registration)
    }
  })

  await t.test('ASVS 13.4.6: it tells nothing else, and no version', async (t) => {
    const { call } = await createServer(t, { database })
    const { body, headers } = await call('GET', '/api/setup/')
    t.same(Object.keys(body).sort(), ['needs_superuser', 'registration'])
    t.notOk('server' in headers)
  })
})
