import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readMigrations } from '../../src/db/migrate.ts'
import { newSession, newUser, openOn } from '../db/stores.ts'
import { createDatabase, onEachDatabase } from '../support/databases.ts'
import { createRollcall } from './rollcall.ts'

await onEachDatabase(async (t, database) => {
  const databaseUrl = await createDatabase(t, database, { migrated: false })
  const { run } = createRollcall(t, { ROLLCALL_DATABASE_URL: databaseUrl })
  const names = readMigrations(database).map(({ name }) => name)

  await t.test('migrate --dry-run names what is to come, and does nothing', async (t) => {
    t.match(await run(['migrate', '--dry-run']), {
      code: 0,
      stdout: names.map((name) => `pending: ${name}\n`).join(''),
    })
  })

  await t.test('of two processes that migrate at once one does', async (t) => {
    const outcomes = await Promise.all([1, 2, 3].map(() => run(['migrate', '--json'])))
    t.same(
      outcomes.map(({ code, stderr }) => ({ code, stderr })),
      [1, 2, 3].map(() => ({ code: 0, stderr: '' })),
    )
    t.same(
      outcomes.flatMap(({ stdout }) => JSON.parse(stdout).applied),
      names,
    )
  })

  await t.test('migrate on a database that is up to date says so', async (t) => {
    t.match(await run(['migrate']), { code: 0, stdout: 'The database is up to date.\n' })
  })

  await t.test('sessions prune deletes those that have expired, and no other', async (t) => {
    const store = await openOn(t, databaseUrl)
    const { users, sessions } = store.tables
    const user = newUser('alice')
    const expired = newSession(user.id, { expiresAt: '2026-01-01T00:00:00.000Z' })
    const alive = newSession(user.id, { expiresAt: '2999-01-01T00:00:00.000Z' })
    await store.write(async (tx) => {
      await tx.insert(users).values(user)
      await tx.insert(sessions).values([expired, alive])
    })
    const { code, stdout } = await run(['sessions', 'prune', '--json'])
    t.equal(code, 0)
    t.same(JSON.parse(stdout), { deleted: 1 })
    t.match(await store.read.select().from(sessions), [{ id: alive.id }])
  })

  await t.test('a database that is newer than the code is refused in one line', async (t) => {
    const later = { name: '9999_later', checksum: '', statements: ['SELECT 1'] }
    const migrations = [...readMigrations(database), later]
    await (await openOn(t, databaseUrl, { migrations })).migrate(() => '2026-01-31T09:30:00.000Z')
    const refusals = await Promise.all([run(['keys', 'list']), run(['serve'])])
    for (const refusal of refusals) {
      t.match(refusal, {
        code: 1,
        stdout: '',
        stderr: /^rollcall: The database holds the migration 9999_later, [^\n]*\n$/,
      })
    }
  })
})

t.test('a database that cannot be reached is told in one line', async (t) => {
  const { run } = createRollcall(t)
  const env = { ROLLCALL_DATABASE_URL: 'postgres://rollcall:hunter2@127.0.0.1:1/rollcall' }
  t.match(await run(['migrate'], { env }), {
    code: 1,
    stdout: '',
    stderr: 'rollcall: The database does not answer: connect ECONNREFUSED 127.0.0.1:1.\n',
  })
})

t.test('without settings everything is kept under data/', async (t) => {
  const { folder, run } = createRollcall(t)
  t.match(await run(['migrate']), { code: 0 })
  t.ok(existsSync(join(folder, 'data/rollcall.db')))
})
