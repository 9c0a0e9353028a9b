import { eq, sql } from 'drizzle-orm'
import type { Test } from 'tap'
import { newId } from '../../../src/crypto.ts'
import { createAuditChain } from '../../../src/features/audit/chain.ts'
import { createAuditService } from '../../../src/features/audit/service.ts'
import { type DatabaseName, onEachDatabase } from '../../support/databases.ts'
import { createServer } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  await t.test(
    'ASVS 16.4.2: an untouched trail is intact, and every event is sealed',
    async (t) => {
      const { chain, signUp } = await trail(t, database)
      await signUp('alice')
      await chain.seal()
      const report = await chain.verify()
      t.same(report.findings, [])
      t.ok(report.events > 0)
      t.equal(report.unsealed, 0)
      t.equal(report.head.position, report.events)
    },
  )

  await t.test('ASVS 16.4.2: the database refuses to change or delete an event', async (t) => {
    const { chain, store } = await trail(t, database)
    await chain.seal()
    const { auditEvents, auditSeals } = store.tables
    await t.rejects(store.write((tx) => tx.update(auditEvents).set({ action: 'x' })))
    await t.rejects(store.write((tx) => tx.delete(auditEvents)))
    await t.rejects(store.write((tx) => tx.update(auditSeals).set({ hash: 'x' })))
    await t.rejects(store.write((tx) => tx.delete(auditSeals)))
    t.ok((await chain.verify()).isIntact)
  })

  const detours =
    database === 'postgres'
      ? [
          'TRUNCATE audit_events',
          'TRUNCATE audit_seals',
          `INSERT INTO audit_events (id, at, action, details) SELECT id, at, action, details
            FROM audit_events ON CONFLICT (id) DO UPDATE SET details = '{}'`,
        ]
      : [
          'REPLACE INTO audit_events SELECT * FROM audit_events',
          `REPLACE INTO audit_events (rowid, id, at, action, details)
            SELECT rowid, id || 'x', at, action, '{}' FROM audit_events`,
          'REPLACE INTO audit_seals SELECT * FROM audit_seals',
          `REPLACE INTO audit_seals (rowid, position, event_id, hash)
            SELECT rowid, position + 1000, event_id || 'x', hash FROM audit_seals`,
        ]
  await t.test('nor can one be replaced, or all be emptied', async (t) => {
    const { chain, store } = await trail(t, database)
    await chain.seal()
    for (const detour of detours) {
      await t.rejects(
        store.write((tx) => run(tx, sql.raw(detour))),
        detour,
      )
    }
    t.ok((await chain.verify()).isIntact)
  })

  const attacks = {
    'a changed event': (id: string) =>
      sql`UPDATE audit_events SET details = '{"a":1}' WHERE id = ${id}`,
    'a deleted event': (id: string) => sql`DELETE FROM audit_events WHERE id = ${id}`,
    'a deleted event with its seal': (id: string) =>
      sql`DELETE FROM audit_seals WHERE event_id = ${id}`,
  }
  for (const [name, attack] of Object.entries(attacks)) {
    await t.test(`ASVS 16.4.2: ${name} is found, though the triggers were removed`, async (t) => {
      const { chain, store, disarm } = await trail(t, database)
      await chain.seal()
      await disarm()
      const events = await store.read.select().from(store.tables.auditEvents)
      const id = events[1]?.id ?? ''
      if (name.endsWith('seal')) await store.write((tx) => run(tx, attacks['a deleted event'](id)))
      await store.write((tx) => run(tx, attack(id)))
      const report = await chain.verify()
      t.notOk(report.isIntact)
    })
  }

  await t.test('ASVS 16.4.2: a trail whose end was cut off is found', async (t) => {
    const { chain, store, disarm, signUp } = await trail(t, database)
    await chain.seal()
    const before = await chain.verify()
    await signUp('later')
    await chain.seal()
    await disarm()
    const { position } = before.head
    await store.write(async (tx) => {
      await run(
        tx,
        sql`DELETE FROM audit_events WHERE id IN
          (SELECT ${idOf(database)} FROM audit_seals WHERE position > ${position})`,
      )
      await run(tx, sql`DELETE FROM audit_seals WHERE position > ${position}`)
    })
    t.match((await chain.verify()).findings, [/cut off/])
  })

  await t.test('a chain set back whole is found by a head that was kept elsewhere', async (t) => {
    const { chain, store, disarm, signUp } = await trail(t, database)
    await chain.seal()
    const [old] = await store.read.select().from(store.tables.auditChain)
    const head = (await chain.verify()).head
    await signUp('later')
    await chain.seal()
    const newHead = (await chain.verify(head)).head
    t.ok((await chain.verify(newHead)).isIntact)
    await disarm()
    await store.write(async (tx) => {
      await run(
        tx,
        sql`DELETE FROM audit_events WHERE id IN
        (SELECT ${idOf(database)} FROM audit_seals WHERE position > ${head.position})`,
      )
      await run(tx, sql`DELETE FROM audit_seals WHERE position > ${head.position}`)
      if (old) await tx.update(store.tables.auditChain).set(old)
    })
    t.ok((await chain.verify()).isIntact, 'not by itself')
    t.match((await chain.verify(newHead)).findings, [/set back/])
  })

  await t.test('a cut is not signed by the sealer that goes on after it', async (t) => {
    const { chain, store, signUp } = await trail(t, database)
    await chain.seal()
    const { auditChain, auditSeals } = store.tables
    const [second] = await store.read.select().from(auditSeals).where(eq(auditSeals.position, 2))
    // No trigger is removed: the row of the chain says what may be deleted.
    await store.write(async (tx) => {
      await tx.update(auditChain).set({ deletableBefore: '2999-01-01T00:00:00.000Z' })
      await run(
        tx,
        sql`DELETE FROM audit_events WHERE id IN
          (SELECT ${idOf(database)} FROM audit_seals WHERE position > 2)`,
      )
      await run(tx, sql`DELETE FROM audit_seals WHERE position > 2`)
      await tx.update(auditChain).set({
        endPosition: 2,
        endHash: second?.hash ?? '',
        deletableBefore: '1970-01-01T00:00:00.000Z',
      })
    })
    await signUp('later')
    await t.rejects(chain.seal(), /not signed by this server/)
    await t.rejects(chain.prune(1), /not signed by this server/)
    t.match((await chain.verify()).findings, [/not signed by this server/])
    await store.write((tx) => tx.update(auditChain).set({ signature: '' }))
    await t.rejects(chain.seal(), /not signed by this server/, 'nor where it is left unsigned')
  })

  await t.test('nothing is deleted for its age that was changed', async (t) => {
    const { chain, store, disarm } = await trail(t, database)
    await chain.seal()
    await disarm()
    const { auditEvents } = store.tables
    const before = await store.read.$count(auditEvents)
    await store.write((tx) => tx.update(auditEvents).set({ at: '2020-01-01T00:00:00.000Z' }))
    await t.rejects(chain.prune(400), /was changed/)
    t.equal(await store.read.$count(auditEvents), before)
  })

  await t.test(
    'an event that was put in is found, though a note without one hides it',
    async (t) => {
      const { chain, store } = await trail(t, database)
      await chain.seal()
      const { auditEvents, auditUnsealed } = store.tables
      const [model] = await store.read.select().from(auditEvents).limit(1)
      if (!model) throw new Error('There is no event')
      await store.write(async (tx) => {
        await tx.insert(auditEvents).values({ ...model, id: newId() })
        await tx.insert(auditUnsealed).values({ eventId: newId() })
      })
      await chain.seal()
      t.match((await chain.verify()).findings, [/^1 events were put in/, /^1 events were deleted/])
    },
  )

  await t.test('an event that was deleted before it was sealed is found', async (t) => {
    const { chain, store, disarm } = await trail(t, database)
    await disarm()
    const [event] = await store.read.select().from(store.tables.auditEvents).limit(1)
    await store.write((tx) => run(tx, sql`DELETE FROM audit_events WHERE id = ${event?.id}`))
    await chain.seal()
    t.match((await chain.verify()).findings, [/^1 events were deleted before/])
  })

  await t.test('a trail that grows and is sealed meanwhile is intact', async (t) => {
    const { chain, signUp } = await trail(t, database)
    await chain.seal()
    let isGrowing = true
    const grow = async (name: string) => {
      for (let count = 0; isGrowing; count += 1) {
        await signUp(`${name}${count}`)
        await chain.seal()
      }
    }
    const growing = Promise.all(['anna', 'bert', 'cleo'].map(grow))
    const findings = []
    for (let count = 0; count < 20; count += 1) findings.push(...(await chain.verify()).findings)
    isGrowing = false
    await growing
    t.same(findings, [])
  })

  await t.test('of 16 sealers at once none seals an event twice', async (t) => {
    const { chain, signUp } = await trail(t, database)
    await Promise.all(Array.from({ length: 8 }, (_, index) => signUp(`rush${index}`)))
    await Promise.all(Array.from({ length: 16 }, () => chain.seal()))
    const report = await chain.verify()
    t.same(report.findings, [])
    t.equal(report.head.position, report.events)
  })

  await t.test('ASVS 14.2.7: events are deleted when their time of keeping is over', async (t) => {
    const { chain, clock, signUp, store } = await trail(t, database)
    await chain.seal()
    const before = await store.read.$count(store.tables.auditEvents)
    clock.advance(400 * 86_400 + 1)
    await signUp('young')
    await chain.seal()
    t.equal(await chain.prune(400), before)
    await chain.seal()
    const report = await chain.verify()
    t.same(report.findings, [])
    const left = await store.read.select().from(store.tables.auditEvents)
    t.ok(left.some(({ action }) => action === 'audit.pruned'))
    t.notOk(left.some(({ at }) => at < clock.now().toISOString()))
  })
})

async function trail(t: Test, database: DatabaseName) {
  const server = await createServer(t, { database })
  const { store, clock } = server
  const audit = createAuditService({ store, clock })
  const secret = 'a secret of the tests, long enough'
  const chain = createAuditChain({ store, clock, audit, secret })
  await server.signUp('first')
  await server.signUp('second')
  await server.signUp('third')
  const tables = ['audit_events', 'audit_seals']
  const guards = ['no_update', 'no_delete']
  const disarm = () =>
    store.write(async (tx) => {
      for (const table of tables) {
        for (const guard of guards) {
          const where = database === 'postgres' ? ` ON ${table}` : ''
          await run(tx, sql.raw(`DROP TRIGGER ${table}_${guard}${where}`))
        }
      }
    })
  return { ...server, chain, disarm }
}

/** Runs a statement that no repository would. */
async function run(tx: unknown, statement: ReturnType<typeof sql>) {
  const raw = tx as { run?(query: unknown): unknown; execute?(query: unknown): Promise<unknown> }
  await (raw.execute ? raw.execute(statement) : raw.run?.(statement))
}

function idOf(database: DatabaseName) {
  return sql.raw(database === 'postgres' ? 'event_id::uuid' : 'event_id')
}
