import { newId } from '../../../src/crypto.ts'
import { createUsersRepository } from '../../../src/features/users/repository.ts'
import { createStore, instant, newSession, newUser } from '../../db/stores.ts'
import { onEachDatabase } from '../../support/databases.ts'

await onEachDatabase(async (t, database) => {
  const store = await createStore(t, database)
  const { read, write, tables } = store
  const repository = createUsersRepository(tables)
  const nobody = newId()

  const full = newUser('alice', {
    firstName: 'Alice',
    lastName: 'Liddell 🐇',
    phoneNumber: '+442079460958',
    address: '1 Rabbit Hole\nOxford',
    isStaff: true,
    lastLogin: '2026-02-03T04:05:06.789Z',
  })
  const { id } = await write((tx) => repository.insert(tx, full))
  await write((tx) => repository.insert(tx, newUser('bob')))

  await t.test('an account is read as it was written', async (t) => {
    t.match(await repository.findById(read, id), full)
    t.equal(await repository.findById(read, nobody), undefined)
  })

  await t.test('one signs in by username or e-mail address', async (t) => {
    t.match(await repository.findByLogin(read, 'alice'), { id })
    t.match(await repository.findByLogin(read, 'alice@example.com'), { id })
    t.equal(await repository.findByLogin(read, 'carol'), undefined)
    t.equal(await repository.findByLogin(read, ''), undefined)
  })

  await t.test(
    'a name and an address are taken whichever of the two they are elsewhere',
    async (t) => {
      const taken = (usernameKey?: string, emailKey?: string, exceptId?: string) =>
        repository.findTaken(read, { usernameKey, emailKey, exceptId })
      t.same(await taken('carol', 'carol@example.com'), { username: false, email: false })
      t.same(await taken('alice', 'bob@example.com'), { username: true, email: true })
      t.same(await taken('bob@example.com', 'alice'), { username: true, email: true })
      t.same(await taken('carol', 'alice'), { username: false, email: true })
      t.same(await taken(undefined, 'alice@example.com'), { username: false, email: true })
      t.same(await taken('alice', 'alice@example.com', id), { username: false, email: false })
      t.same(await taken('bob', 'alice@example.com', id), { username: true, email: false })
    },
  )

  await t.test('a name and an address are unique in the database itself', async (t) => {
    const insert = (members: object) =>
      write((tx) => repository.insert(tx, newUser('carol', members)))
    await t.rejects(insert({ usernameKey: 'alice' }))
    await t.rejects(insert({ emailKey: 'alice@example.com' }))
    await t.rejects(insert({ id }))
    t.equal(await read.$count(tables.users), 2)
  })

  await t.test('an edit changes what it names, and makes a new version', async (t) => {
    const row = await write((tx) => repository.update(tx, id, { firstName: null }))
    t.match(row, { ...full, firstName: null, version: 2 })
    t.match(await repository.findById(read, id), row)
    t.match(await repository.findByLogin(read, 'bob'), { version: 1 }, 'and nobody else')
    await t.rejects(write((tx) => repository.update(tx, nobody, { firstName: null })))
  })

  await t.test('locking reads the newest row and changes nothing', async (t) => {
    t.match(await write((tx) => repository.lock(tx, id)), { id, version: 2 })
    t.match(await repository.findById(read, id), { version: 2 })
    t.equal(await write((tx) => repository.lock(tx, nobody)), undefined)
  })

  await t.test('of 16 edits that lock first, each sees the one before', async (t) => {
    const seen = await Promise.all(
      Array.from({ length: 16 }, () =>
        write(async (tx) => {
          const row = await repository.lock(tx, id)
          await repository.update(tx, id, { address: `${row?.version}` })
          return row?.version
        }),
      ),
    )
    t.same(new Set(seen), new Set(Array.from({ length: 16 }, (_, edit) => edit + 2)))
    t.match(await repository.findById(read, id), { version: 18, address: '17' })
  })

  await t.test('a sign-in is noted without making a new version', async (t) => {
    const row = await get(id)
    const at = '2026-03-01T00:00:00.000Z'
    t.ok(await write((tx) => repository.recordSignIn(tx, row, at)))
    t.match(await get(id), { lastLogin: at, version: row.version, passwordHash: row.passwordHash })
    t.ok(await write((tx) => repository.recordSignIn(tx, row, instant, 'a stronger hash')))
    t.match(await get(id), { lastLogin: instant, passwordHash: 'a stronger hash' })
  })

  await t.test('no sign-in is noted whose password was changed meanwhile', async (t) => {
    const row = await get(id)
    await write((tx) => repository.update(tx, id, { passwordHash: 'another' }))
    const at = '2026-04-01T00:00:00.000Z'
    t.notOk(await write((tx) => repository.recordSignIn(tx, row, at, 'a stronger hash')))
    t.match(await get(id), { lastLogin: instant, passwordHash: 'another' })
  })

  await t.test('no sign-in is noted of an account that was deactivated meanwhile', async (t) => {
    const row = await get(id)
    await write((tx) => repository.update(tx, id, { isActive: false }))
    t.notOk(await write((tx) => repository.recordSignIn(tx, row, '2026-05-01T00:00:00.000Z')))
    t.match(await get(id), { lastLogin: instant })
  })

  await t.test('only an active superuser counts as the other one', async (t) => {
    const insert = (name: string, isActive: boolean) =>
      write((tx) => repository.insert(tx, newUser(name, { isActive, isSuperuser: true })))
    const hasOther = (of: string) => write((tx) => repository.hasOtherSuperuser(tx, of))
    t.notOk(await repository.hasSuperuser(read))
    const root = await insert('root', true)
    await insert('retired', false)
    t.ok(await repository.hasSuperuser(read))
    t.notOk(await hasOther(root.id))
    t.ok(await hasOther(id))
    await insert('heir', true)
    t.ok(await hasOther(root.id))
  })

  await t.test('with an account its sessions go, and no others', async (t) => {
    const bob = await repository.findByLogin(read, 'bob')
    const sessions = [newSession(id), newSession(id), newSession(bob?.id ?? '')]
    await write((tx) => tx.insert(tables.sessions).values(sessions))
    await write((tx) => repository.delete(tx, id))
    t.equal(await repository.findById(read, id), undefined)
    t.match(await read.select().from(tables.sessions), [{ userId: bob?.id }])
    t.equal((await read.select().from(tables.sessions)).length, 1)
  })

  async function get(id: string) {
    const row = await repository.findById(read, id)
    if (!row) throw new Error('The account is gone')
    return row
  }
})
