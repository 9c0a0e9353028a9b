import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t, { type Test } from 'tap'
import { createDatabase, databaseNames, notRun } from '../support/databases.ts'
import { createServer, password } from '../support/server.ts'

if (databaseNames.includes('postgres')) await t.test('postgres', proveRole)
else notRun('a role of PostgreSQL that only reads and writes rows')

async function proveRole(t: Test) {
  const ownerUrl = await createDatabase(t, 'postgres')
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  const role = `rollcall_test_${randomBytes(6).toString('hex')}`
  await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`)
  await owner.query(
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`,
  )
  t.teardown(async () => {
    await owner.query(`DROP OWNED BY ${role}`)
    await owner.query(`DROP ROLE ${role}`)
    await owner.end()
  })
  const url = new URL(ownerUrl)
  url.username = role
  url.password = role

  await t.test('ASVS 13.2.2: a role that only reads and writes rows is enough', async (t) => {
    const { call, signUp, chain, sessions } = await createServer(t, { databaseUrl: url.href })
    const alice = await signUp('alice', { is_superuser: true })
    const list = await call('GET', '/api/users/?search=alice', { token: alice.access })
    t.equal(list.body.results.length, 1)
    const change = { current_password: password, new_password: 'entirely-new-secret' }
    const changed = await call('POST', '/api/password/change/', {
      token: alice.access,
      body: change,
    })
    t.equal(changed.status, 204)
    t.ok((await chain.seal()) > 0)
    await sessions.prune()
  })

  await t.test('ASVS 13.2.2, 16.4.2: it can change neither tables nor the guards', async (t) => {
    const client = new pg.Client({ connectionString: url.href })
    await client.connect()
    t.teardown(() => client.end())
    for (const statement of [
      'CREATE TABLE intruder (id text)',
      'DROP TABLE users',
      'ALTER TABLE audit_events DISABLE TRIGGER ALL',
      'TRUNCATE audit_events',
      'SET session_replication_role = replica',
      "DELETE FROM audit_events WHERE action LIKE 'sign_in%'",
      "UPDATE audit_events SET details = '{}'",
    ]) {
      await t.rejects(client.query(statement), statement)
    }
  })
}
