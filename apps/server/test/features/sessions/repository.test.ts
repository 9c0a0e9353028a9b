import { newId } from '../../../src/crypto.ts'
import type { SessionRow } from '../../../src/db/tables.ts'
import { createSessionsRepository } from '../../../src/features/sessions/repository.ts'
import { createStore, newSession, newUser } from '../../db/stores.ts'
import { onEachDatabase } from '../../support/databases.ts'

const now = '2026-02-01T00:00:00.000Z'
const later = '2026-02-01T00:00:00.001Z'

await onEachDatabase(async (t, database) => {
  const { read, write, tables } = await createStore(t, database)
  const repository = createSessionsRepository(tables)
  const user = newUser('alice')
  await write((tx) => tx.insert(tables.users).values(user))

  async function insert(members: Partial<SessionRow> = {}): Promise<SessionRow> {
    const session = newSession(user.id, members)
    await write((tx) => repository.insert(tx, { ...session }))
    return session
  }
  const find = async (id: string) => (await repository.findWithUser(read, id))?.session
  const rotate = (id: string, generation: number, at = now) =>
    write((tx) => repository.rotate(tx, { id, generation, now: at, expiresAt: later }))

  await t.test('a session is read as it was written, with its account', async (t) => {
    const session = await insert({ userAgent: 'a browser', generation: 3 })
    t.match(await repository.findWithUser(read, session.id), { session, user })
    t.equal(await repository.findWithUser(read, newId()), undefined)
  })

  await t.test('only the newest generation moves on', async (t) => {
    const session = await insert({ expiresAt: later })
    const moved = { ...session, generation: 1, lastUsedAt: now, expiresAt: later }
    t.match(await rotate(session.id, 0), moved)
    t.equal(await rotate(session.id, 0), undefined, 'an older one')
    t.equal(await rotate(session.id, 2), undefined, 'one to come')
    t.match(await find(session.id), moved)
    t.match(await rotate(session.id, 1), { generation: 2 })
  })

  await t.test('of 32 rotations of one generation at once one wins', async (t) => {
    const session = await insert()
    const rotated = await Promise.all(Array.from({ length: 32 }, () => rotate(session.id, 0)))
    t.equal(rotated.filter((row) => row !== undefined).length, 1)
    t.match(await find(session.id), { generation: 1 })
  })

  await t.test('an expired session does not move on, to the millisecond', async (t) => {
    const session = await insert({ expiresAt: now })
    t.equal(await rotate(session.id, 0), undefined)
    t.match(await find(session.id), { generation: 0 })
    t.match(await rotate((await insert({ expiresAt: later })).id, 0), { generation: 1 })
  })

  await t.test('one session ends alone', async (t) => {
    const [one, other] = [await insert(), await insert()]
    await write((tx) => repository.deleteOwn(tx, one.userId, one.id))
    t.equal(await find(one.id), undefined)
    t.match(await find(other.id), other)
  })

  await t.test('all sessions of an account end, but for one if it is named', async (t) => {
    const bob = newUser('bob')
    await write((tx) => tx.insert(tables.users).values(bob))
    const others = await insert({ userId: bob.id })
    const kept = await insert()
    await write((tx) => repository.deleteOfUser(tx, user.id, kept.id))
    t.same(await ids(), [others.id, kept.id])
    await write((tx) => repository.deleteOfUser(tx, user.id))
    t.same(await ids(), [others.id])
  })

  await t.test('those that have expired are deleted oldest first, so many at a time', async (t) => {
    await write((tx) => tx.delete(tables.sessions))
    const [second, first, third] = [
      await insert({ expiresAt: '2026-01-02T00:00:00.000Z' }),
      await insert({ expiresAt: '2026-01-01T00:00:00.000Z' }),
      await insert({ expiresAt: now }),
    ]
    const alive = await insert({ expiresAt: later })
    const prune = () => write((tx) => repository.deleteExpired(tx, now, 2))
    t.equal(await prune(), 2)
    t.same(await ids(), [third.id, alive.id])
    t.equal(await prune(), 1)
    t.equal(await prune(), 0)
    t.same(await ids(), [alive.id])
    t.ok(first && second)
  })

  /** Of all sessions, in the order in which they were made. */
  async function ids(): Promise<string[]> {
    const rows = await read.select().from(tables.sessions).orderBy(tables.sessions.id)
    return rows.map(({ id }) => id)
  }
})
