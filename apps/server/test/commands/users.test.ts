import t, { type Test } from 'tap'
import { createHasher } from '../../src/features/passwords/hasher.ts'
import { newSession, openOn } from '../db/stores.ts'
import { createDatabase, type DatabaseName, onEachDatabase } from '../support/databases.ts'
import { createRollcall } from './rollcall.ts'

const password = 'correct-horse-battery'
const root = ['--username', 'root', '--email', 'root@example.com']

await onEachDatabase(async (t, database) => {
  const { create, changePassword, store, find, verify } = await open(t, database)

  await t.test('create-superuser makes the account, and the database for it', async (t) => {
    const { code, stdout } = await create([...root, '--json'], `${password}\n`)
    t.equal(code, 0)
    const row = await find()
    t.match(row, { username: 'root', isActive: true, isStaff: true, isSuperuser: true })
    t.same(JSON.parse(stdout), { id: row.id, username: 'root' })
    t.ok(await verify(row, password), 'the line break that ends the input is none of the password')
  })

  await t.test('change-password sets the password and ends the sessions', async (t) => {
    const { sessions } = store.tables
    const { id } = await find()
    await store.write((tx) => tx.insert(sessions).values([newSession(id), newSession(id)]))
    const next = '  staple-paper-clip-42 '
    t.match(await changePassword('ROOT@example.com', next), {
      code: 0,
      stdout: 'The password of root is set.\n',
    })
    t.ok(await verify(await find(), next), 'exactly as given')
    t.equal(await store.read.$count(sessions), 0)
  })

  await t.test('the trail tells of it, also for an inactive account', async (t) => {
    const { users, auditEvents } = store.tables
    const resets = async () =>
      (await store.read.select().from(auditEvents)).filter(
        ({ action }) => action === 'password.reset',
      ).length
    const before = await resets()
    await store.write((tx) => tx.update(users).set({ isActive: false }))
    t.equal((await changePassword('root', 'brick-mortar-77-x')).code, 0)
    t.ok(await verify(await find(), 'brick-mortar-77-x'))
    t.equal((await resets()) - before, 1)
  })
})

t.test('a refusal', async (t) => {
  const { run, create, changePassword, find } = await open(t, 'sqlite')
  await create(root, password)
  const before = await find()

  t.test('create-superuser refuses what the API refuses, line by line', async (t) => {
    const [names, short, common, taken] = await Promise.all([
      create(['--username', 'not a name', '--email', 'nowhere'], password),
      create(['--username', 'bob', '--email', 'bob@example.com'], 'short'),
      create(['--username', 'bob', '--email', 'bob@example.com'], 'password123'),
      create(root, password),
    ])
    t.match(names, { code: 1, stderr: /^rollcall: username: .+\nrollcall: email: .+\n$/ })
    t.match(short, { code: 1, stderr: 'rollcall: password: Use at least 8 characters.\n' })
    t.match(common, { code: 1, stderr: /^rollcall: password: .+ first to be guessed\. .+\n$/ })
    t.match(taken, {
      code: 1,
      stderr: /^rollcall: username: .+ exists already\.\nrollcall: email: .+ exists already\.\n$/,
    })
  })

  t.test('change-password refuses a bad password and an unknown account', async (t) => {
    const [similar, unknown] = await Promise.all([
      changePassword('root', 'root1234'),
      changePassword('nobody', password),
    ])
    t.match(similar, { code: 1, stderr: /^rollcall: password: .+\n$/ })
    t.match(unknown, { code: 1, stderr: 'rollcall: There is no account nobody.\n' })
  })

  t.test('without a terminal a missing option is named, with the code 2', async (t) => {
    const misuses: [args: string[], missing: string][] = [
      [['create-superuser'], '--username'],
      [['create-superuser', '--username', 'bob'], '--email'],
      [['create-superuser', ...root], '--password-stdin'],
      [['change-password', 'root'], '--password-stdin'],
    ]
    const answers = await Promise.all(misuses.map(([args]) => run(args)))
    for (const [position, [args, missing]] of misuses.entries()) {
      t.match(
        answers[position],
        { code: 2, stdout: '', stderr: `rollcall: Without a terminal, give ${missing}.\n` },
        args.join(' '),
      )
    }
  })

  t.test('none of it changed anything', async (t) => {
    t.same(await find(), before)
  })
})

async function open(t: Test, database: DatabaseName) {
  const databaseUrl = await createDatabase(t, database)
  const { run } = createRollcall(t, { ROLLCALL_DATABASE_URL: databaseUrl })
  const store = await openOn(t, databaseUrl)
  const hasher = await createHasher({
    argon2MemoryKib: 1_024,
    argon2Passes: 2,
    argon2Lanes: 1,
    hashQueue: 1,
  })
  return {
    run,
    store,
    create: (args: string[], input: string) =>
      run(['create-superuser', ...args, '--password-stdin'], { input }),
    changePassword: (name: string, input: string) =>
      run(['change-password', name, '--password-stdin'], { input }),
    verify: (row: { passwordHash: string }, password: string) =>
      hasher.verify(row.passwordHash, password),
    /** The only account. */
    async find() {
      const [row, ...others] = await store.read.select().from(store.tables.users)
      if (!row || others.length > 0) throw new Error('There is not one account')
      return row
    },
  }
}
