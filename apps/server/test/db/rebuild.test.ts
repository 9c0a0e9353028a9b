import { eq } from 'drizzle-orm'
import { newId } from '../../src/crypto.ts'
import { type Migration, readMigrations } from '../../src/db/migrate.ts'
import type { Queries, Store } from '../../src/db/store.ts'
import { createAuditChain } from '../../src/features/audit/chain.ts'
import { operator } from '../../src/features/audit/origin.ts'
import { createAuditService } from '../../src/features/audit/service.ts'
import { createUserLists } from '../../src/features/users/list-repository.ts'
import { createDatabase, type DatabaseName, onEachDatabase } from '../support/databases.ts'
import { definedSnapshot, statementsBetween } from './drizzle-kit.ts'
import { instant, newSession, newSigningKey, newUser, openOn } from './stores.ts'

const alice = newUser('alice')
const bob = newUser('bob')

/** drizzle-kit makes a table of SQLite anew to change a column, and drops the old one. */
await onEachDatabase(async (t, database) => {
  const url = await createDatabase(t, database)
  const seeded = await openOn(t, url)
  await seeded.migrate(() => instant)
  await seed(seeded)
  const counts = await countRows(seeded)
  const statements = await changeOfEveryTable(database)

  const openWith = (...statements: string[]) => {
    const next: Migration = { name: '0100_change', checksum: statements.join(), statements }
    return openOn(t, url, { migrations: [...readMigrations(database), next] })
  }

  if (database === 'sqlite') {
    await t.test('a migration that loses a trigger with its table is refused', async (t) => {
      const store = await openWith(...statements)
      await t.rejects(
        store.migrate(() => instant),
        {
          message:
            'The migration 0100_change loses the trigger users_search_insert with its table. Create it again at the end of the migration.',
        },
      )
      t.same(await countRows(store), counts)
    })

    await t.test('a migration that leaves a reference to nothing is refused', async (t) => {
      const store = await openWith("DELETE FROM users WHERE username = 'alice'")
      await t.rejects(
        store.migrate(() => instant),
        {
          message: 'A migration would leave 2 rows that refer to nothing.',
        },
      )
      t.same(await countRows(store), counts)
    })
  }

  await t.test('a migration that changes every table keeps every row', async (t) => {
    const triggers = database === 'sqlite' ? triggersOf(database) : []
    const store = await openWith(...statements, ...triggers)
    t.same(await store.migrate(() => instant), ['0100_change'])
    t.same(await countRows(store), counts)
  })

  await t.test('after it the search still knows the accounts, and follows them', async (t) => {
    const { users } = seeded.tables
    t.same(await search(seeded, 'alice'), ['alice'])
    await seeded.write((tx) =>
      tx.update(users).set({ searchText: 'liddell' }).where(eq(users.id, alice.id)),
    )
    t.same(await search(seeded, 'alice'), [])
    t.same(await search(seeded, 'liddell'), ['alice'])
  })

  await t.test('after it the sessions of an account still go with it', async (t) => {
    const { users, sessions } = seeded.tables
    await seeded.write((tx) => tx.delete(users).where(eq(users.id, alice.id)))
    const left = await seeded.read.select().from(sessions)
    t.same(
      left.map(({ userId }) => userId),
      [bob.id],
    )
  })
})

/** Rows in every table, referring to each other. */
async function seed(store: Store) {
  const { tables, write } = store
  const clock = { now: () => new Date(instant) }
  const audit = createAuditService({ store, clock })
  const anyRole = async (tx: Queries) => (await tx.select().from(tables.roles))[0]?.id ?? ''
  await write(async (tx) => {
    await tx.insert(tables.users).values([alice, bob])
    await tx
      .insert(tables.sessions)
      .values([newSession(alice.id), newSession(alice.id), newSession(bob.id)])
    await tx.insert(tables.signingKeys).values(newSigningKey())
    await tx.insert(tables.userRoles).values({ userId: bob.id, roleId: await anyRole(tx) })
    await tx.insert(tables.oneTimeTokens).values({
      ...{ id: newId(), purpose: 'password', userId: bob.id, secretHash: 'hash', usedAt: null },
      ...{ createdAt: instant, expiresAt: instant },
    })
    const attempt = { failures: 1, lastFailedAt: instant, blockedUntil: instant }
    await tx.insert(tables.attempts).values({ key: 'account bob', ...attempt })
    await tx.insert(tables.idempotencyKeys).values({
      ...{ keyHash: 'hash', requestHash: 'hash', claimId: newId() },
      ...{ sealedAnswer: null, expiresAt: instant },
    })
    await audit.record(tx, { action: 'user.created', by: operator })
  })
  await createAuditChain({ store, clock, audit, secret: 'a secret' }).seal()
  await write((tx) => audit.record(tx, { action: 'user.updated', by: operator }))
  const counts = await countRows(store)
  for (const [name, count] of Object.entries(counts)) {
    if (count === 0) throw new Error(`Nothing is seeded in ${name}`)
  }
}

async function countRows({ tables, read }: Store): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [name, table] of Object.entries(tables)) counts[name] = await read.$count(table)
  return counts
}

/** What drizzle-kit writes when a column of each table may become null. */
async function changeOfEveryTable(database: DatabaseName): Promise<string[]> {
  const from = await definedSnapshot(database)
  const to = structuredClone(from)
  for (const { columns } of Object.values(to.tables)) {
    const column = Object.values(columns).findLast(({ notNull }) => notNull)
    if (column) column.notNull = false
  }
  return statementsBetween(database, from, to)
}

/** The triggers, which drizzle-kit does not know. */
function triggersOf(database: DatabaseName): string[] {
  return readMigrations(database)
    .flatMap(({ statements }) => statements)
    .filter((statement) => statement.trim().startsWith('CREATE TRIGGER'))
}

async function search(store: Store, text: string): Promise<string[]> {
  const rows = await createUserLists(store).list(store.read, {
    query: { search: text },
    ordering: 'username',
    phoneNumber: undefined,
    cursor: undefined,
    limit: 10,
  })
  return rows.map(({ username }) => username)
}
