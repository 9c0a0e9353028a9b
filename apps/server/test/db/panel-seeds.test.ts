import { permissions } from '@rollcall/contract'
import { eq } from 'drizzle-orm'
import type { Test } from 'tap'
import { newId } from '../../src/crypto.ts'
import { readMigrations } from '../../src/db/migrate.ts'
import type { Store } from '../../src/db/store.ts'
import { createAuditChain } from '../../src/features/audit/chain.ts'
import { operator } from '../../src/features/audit/origin.ts'
import { createAuditService } from '../../src/features/audit/service.ts'
import { createDatabase, type DatabaseName, onEachDatabase } from '../support/databases.ts'
import { createStore, instant, newUser, openOn } from './stores.ts'

const administrator = '0198f2c4-7d1e-7c3a-9b52-000000000001'
const support = '0198f2c4-7d1e-7c3a-9b52-000000000002'
const auditor = '0198f2c4-7d1e-7c3a-9b52-000000000003'

/** A database as it was before the panel, and the store that brings it up to date. */
async function createOlder(t: Test, database: DatabaseName) {
  const url = await createDatabase(t, database, { migrated: false })
  const migrations = readMigrations(database)
  const before = migrations.findIndex(({ name }) => name === '0007_daily_counts')
  const older = await openOn(t, url, { migrations: migrations.slice(0, before) })
  await older.migrate(() => instant)
  const newer = await openOn(t, url)
  return { older, migrate: () => newer.migrate(() => instant), newer }
}

await onEachDatabase(async (t, database) => {
  await t.test('on a new database the administrator holds every permission', async (t) => {
    const held = await permissionsIn(await createStore(t, database))
    t.same(held.get(administrator)?.toSorted(), Object.keys(permissions).sort())
    for (const name of ['system.view', 'keys.view']) t.ok(held.get(auditor)?.includes(name))
    t.notOk(held.get(auditor)?.some((name) => /export|rotate/.test(name)))
    t.notOk(held.get(support)?.some((name) => /export|system|keys/.test(name)))
  })

  await t.test('roles that were edited keep their edits, and get what is missing', async (t) => {
    const { older, newer, migrate } = await createOlder(t, database)
    const { roles } = older.tables
    const edited = { permissions: '["keys.view","users.view"]', name: 'chief', nameKey: 'chief' }
    await older.write(async (tx) => {
      await tx.update(roles).set(edited).where(eq(roles.id, administrator))
      await tx.delete(roles).where(eq(roles.id, auditor))
    })
    const before = await permissionsIn(older)
    await migrate()
    const held = await permissionsIn(newer)
    t.same(held.get(administrator), [
      'keys.view',
      'users.view',
      'users.export',
      'system.view',
      'keys.rotate',
    ])
    t.equal((await rolesOf(newer)).find(({ id }) => id === administrator)?.name, 'chief')
    t.notOk(held.has(auditor), 'a deleted role does not come back')
    t.same(held.get(support), before.get(support))
  })

  await t.test('what had happened before is counted, and what is unsealed once', async (t) => {
    const { older, newer, migrate } = await createOlder(t, database)
    const days = [
      '2026-01-30T23:59:59.999Z',
      '2026-01-31T00:00:00.000Z',
      '2026-01-31T12:00:00.000Z',
    ]
    const users = days.map((dateJoined, index) => newUser(`user${index}`, { dateJoined }))
    await older.write((tx) => tx.insert(older.tables.users).values(users))
    const [first, second, third] = users.map(({ id }) => id)
    await note(older, days[0], 'user.registered', { target: first, isSealed: true })
    await note(older, days[1], 'user.created', { target: second, isSealed: true })
    await note(older, days[2], 'user.registered', { target: third, isSealed: false })
    for (const at of days) {
      await note(older, at, 'sign_in.succeeded', { isSealed: true })
      await note(older, at, 'sign_in.failed', { isSealed: at !== days[2] })
      await note(older, at, 'user.updated', { isSealed: true })
    }
    await note(older, days[1], 'sign_in.throttled', { isSealed: true })
    await migrate()
    t.same(await countsIn(newer), [
      ['2026-01-30', 'joined', 1],
      ['2026-01-30', 'sign_in_failures', 1],
      ['2026-01-30', 'sign_ins', 1],
      ['2026-01-31', 'joined', 1],
      ['2026-01-31', 'sign_in_failures', 2],
      ['2026-01-31', 'sign_ins', 2],
    ])

    const clock = { now: () => new Date(instant) }
    const audit = createAuditService({ store: newer, clock })
    await createAuditChain({ store: newer, clock, audit, secret: 'a secret' }).seal()
    const counts = await countsIn(newer)
    t.same(counts.slice(3), [
      ['2026-01-31', 'joined', 2],
      ['2026-01-31', 'sign_in_failures', 3],
      ['2026-01-31', 'sign_ins', 2],
    ])
  })
})

async function note(
  { write, tables }: Store,
  at = instant,
  action: string,
  { target, isSealed }: { target?: string | undefined; isSealed: boolean },
) {
  const id = newId()
  const nobody = { actorId: null, actorSessionId: null, ...operator }
  const what = { targetType: target ? 'user' : null, targetId: target ?? null, details: '{}' }
  await write(async (tx) => {
    await tx.insert(tables.auditEvents).values({ id, at, action, ...nobody, ...what })
    if (!isSealed) await tx.insert(tables.auditUnsealed).values({ eventId: id })
  })
}

function rolesOf({ read, tables }: Store) {
  return read.select().from(tables.roles)
}

async function permissionsIn(store: Store): Promise<Map<string, string[]>> {
  return new Map((await rolesOf(store)).map((row) => [row.id, JSON.parse(row.permissions)]))
}

async function countsIn({ read, tables }: Store) {
  const rows = await read.select().from(tables.dailyCounts)
  return rows.map(({ day, name, count }) => [day, name, count]).sort()
}
