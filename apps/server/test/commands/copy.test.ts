import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t, { type Test } from 'tap'
import { openStore, type Store } from '../../src/db/store.ts'
import { newSession, newUser, openOn } from '../db/stores.ts'
import { createDatabase, databaseNames } from '../support/databases.ts'
import { createServer } from '../support/server.ts'
import { createRollcall } from './rollcall.ts'

const secret = 'a secret of the tests, long enough'

/** A database in which there is something of everything, and more accounts than go at once. */
async function fill(t: Test, databaseUrl: string) {
  const server = await createServer(t, { databaseUrl, config: { secret } })
  const { store, call, signUp } = server
  const root = await signUp('root', { is_superuser: true })
  const post = (url: string, body: object) =>
    call('POST', url, {
      body,
      token: root.access,
      headers: { 'idempotency-key': `of-${url}` },
    })
  const role = await post('/api/roles/', { name: 'Ünïcode «role»', permissions: ['users.view'] })
  const invited = await post('/api/invitations/', {
    username: 'josé',
    email: 'jose@example.com',
    first_name: 'José\t"quoted"\\',
    last_name: '👩‍🚀',
    roles: [role.body.id],
  })
  if (invited.status !== 201) throw new Error(JSON.stringify(invited.body))
  const { id } = await signUp('alice')
  await call('POST', '/api/token/', { body: { username: 'alice', password: 'wrong' } })
  await server.chain.seal()
  await signUp('bob')
  const { users, sessions, attempts, userRoles } = store.tables
  await store.write(async (tx) => {
    const crowd = Array.from({ length: 1_100 }, (_, number) => newUser(`user${number}`))
    for (let from = 0; from < crowd.length; from += 500) {
      await tx.insert(users).values(crowd.slice(from, from + 500))
    }
    await tx.insert(userRoles).values({ userId: id, roleId: role.body.id })
    await tx.insert(sessions).values(crowd.slice(0, 20).map((user) => newSession(user.id)))
    const now = '2026-01-31T09:30:00.000Z'
    const attempt = { failures: 1, lastFailedAt: now, blockedUntil: now }
    await tx.insert(attempts).values(['b', 'A', 'a', '_', '-'].map((key) => ({ key, ...attempt })))
  })
  const contents = await contentsOf(store)
  await server.app.close()
  await store.close()
  return contents
}

/** Every row of every table, in one order. */
async function contentsOf(store: Store): Promise<Record<string, string[]>> {
  const contents: Record<string, string[]> = {}
  for (const [name, table] of Object.entries(store.tables)) {
    const rows = (await store.read.select().from(table)) as Record<string, unknown>[]
    // SQLite's own number of a row is no part of it.
    contents[name] = rows.map(({ rowKey, ...row }) => JSON.stringify(row)).sort()
  }
  return contents
}

async function readContents(databaseUrl: string) {
  const store = await openStore(databaseUrl)
  return contentsOf(store).finally(store.close)
}

t.test('everything is moved to an empty database, and is the same there', async (t) => {
  const original = await createDatabase(t, 'sqlite')
  const expected = await fill(t, original)
  for (const [name, { length }] of Object.entries(expected)) t.ok(length > 0, name)
  const stations = [
    await createDatabase(t, databaseNames.includes('postgres') ? 'postgres' : 'sqlite', {
      migrated: false,
    }),
    `file:${join(createRollcall(t).folder, 'back/rollcall.db')}`,
  ]
  let from = original
  for (const to of stations) {
    const { run } = createRollcall(t, { ROLLCALL_DATABASE_URL: from, ROLLCALL_SECRET: secret })
    const { code, stdout, stderr } = await run(['db', 'copy', '--to', to])
    t.equal(code, 0)
    t.match(stderr, 'users: 1,000 of 1,104\nusers: 1,104 of 1,104\n', 'progress')
    t.match(stdout, /^users: 1,104 rows, SHA-256 [0-9a-f]{64}$/m)
    t.match(stdout, 'Every row is the same on both sides.')
    t.strictSame(await readContents(to), expected)
    from = to
  }
  const { run } = createRollcall(t, { ROLLCALL_DATABASE_URL: from, ROLLCALL_SECRET: secret })
  t.match(await run(['audit', 'verify']), { code: 0, stdout: /, intact\./ })

  await t.test('and a server goes on there, with those who were signed in', async (t) => {
    const server = await createServer(t, { databaseUrl: from, config: { secret } })
    const found = await server.users.findByLogin('user1099')
    t.match(found, { username: 'user1099' })
    t.match(await server.signUp('carol'), { username: 'carol' })
  })
})

const killedOn = databaseNames.at(-1) ?? 'sqlite'

t.test('killed, it goes on where it was, and no server starts meanwhile', async (t) => {
  const from = await createDatabase(t, 'sqlite')
  const expected = await fill(t, from)
  const to = await createDatabase(t, killedOn, { migrated: false })
  const { run, start } = createRollcall(t, { ROLLCALL_SECRET: secret, ROLLCALL_PORT: '0' })
  const copy = ['db', 'copy', '--from', from, '--to', to]
  const child = start(copy)
  for await (const line of createInterface({ input: child.stderr ?? process.stdin })) {
    if (line.startsWith('users: 1,000')) child.kill('SIGKILL')
  }

  const target = { env: { ROLLCALL_DATABASE_URL: to } }
  t.match(await run(['serve'], target), {
    code: 1,
    stdout: '',
    stderr: /^rollcall: The database is the unfinished target of `rollcall db copy`\. [^\n]+\n$/,
  })
  const { code, stderr } = await run(copy)
  t.equal(code, 0)
  t.notMatch(stderr, 'users: 1,000 of', 'what was there is not copied again')
  t.strictSame(await readContents(to), expected)
  t.match(await run(['keys', 'list'], target), { code: 0 })

  await t.test('a target that is not empty is refused', async (t) => {
    t.match(await run(copy), {
      code: 1,
      stdout: '',
      stderr: /^rollcall: The target is not empty: it holds rows of users, .+\n$/,
    })
    t.strictSame(await readContents(to), expected)
  })
})

t.test('a source that has changed since an earlier attempt is found', async (t) => {
  const from = await createDatabase(t, 'sqlite')
  await fill(t, from)
  const to = `file:${join(createRollcall(t).folder, 'rollcall.db')}`
  const { run, start } = createRollcall(t, { ROLLCALL_SECRET: secret })
  const copy = ['db', 'copy', '--from', from, '--to', to]
  const child = start(copy)
  for await (const line of createInterface({ input: child.stderr ?? process.stdin })) {
    if (line.startsWith('users: 1,000')) child.kill('SIGKILL')
  }
  t.match(
    await run(['change-password', 'root', '--password-stdin'], {
      env: { ROLLCALL_DATABASE_URL: from },
      input: 'another-horse-battery',
    }),
    { code: 0 },
  )
  t.match(await run(copy), {
    code: 1,
    stderr: /rollcall: The table users differs: 1104 rows here, 1104/,
  })
  t.match(await run(['keys', 'list'], { env: { ROLLCALL_DATABASE_URL: to } }), { code: 1 })
})

t.test('what is no empty database, or in use, is refused', async (t) => {
  const from = await createDatabase(t, 'sqlite')
  const store = await openOn(t, from)
  await store.migrate(() => '2026-01-31T09:30:00.000Z')
  const { run } = createRollcall(t, { ROLLCALL_DATABASE_URL: from })
  t.match(await run(['db', 'copy', '--to', 'file:other.db']), { code: 1, stderr: / is in use\. / })
  await store.close()
  t.match(await run(['db', 'copy', '--to', from]), { code: 1, stderr: /are one database\./ })
  t.match(await run(['db', 'copy', '--to', 'other.db']), { code: 2, stderr: /is named by/ })
  t.match(await run(['db', 'copy', '--from', 'file:none.db', '--to', 'file:other.db']), {
    code: 1,
    stderr: 'rollcall: There is no database none.db.\n',
  })
})
