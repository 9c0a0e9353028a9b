import { and, asc, count, eq, gt, inArray, lte } from 'drizzle-orm'
import type { Queries } from '../../db/store.ts'
import type { AuditEventRow, Tables } from '../../db/tables.ts'

export type ChainRow = Tables['auditChain']['$inferSelect']

/** A seal with the event it covers; the event is missing where somebody has deleted it. */
export interface SealedEvent {
  readonly position: number
  readonly eventId: string
  readonly hash: string
  readonly event: AuditEventRow | null
}

const onlyRow = 'chain'

export type ChainRepository = ReturnType<typeof createChainRepository>

export function createChainRepository({
  auditEvents,
  auditUnsealed,
  auditSeals,
  auditChain,
}: Tables) {
  return {
    /** Keeps other sealers out until the commit; those who write events do not wait. */
    async lock(tx: Queries): Promise<ChainRow> {
      const [row] = await tx
        .update(auditChain)
        .set({ key: onlyRow })
        .where(eq(auditChain.key, onlyRow))
        .returning()
      if (!row) throw new Error('The row of the audit chain is gone')
      return row
    },

    async find(queries: Queries): Promise<ChainRow | undefined> {
      const [row] = await queries.select().from(auditChain).where(eq(auditChain.key, onlyRow))
      return row
    },

    /** Whether an event has no seal yet, or the chain no signature. */
    async isBehind(queries: Queries): Promise<boolean> {
      const [event] = await queries.select().from(auditUnsealed).limit(1)
      if (event) return true
      const [chain] = await queries.select().from(auditChain).where(eq(auditChain.key, onlyRow))
      return chain?.signature === ''
    },

    async save(tx: Queries, row: ChainRow): Promise<void> {
      await tx.update(auditChain).set(row).where(eq(auditChain.key, onlyRow))
    },

    /** The oldest events that no seal covers. */
    async unsealed(tx: Queries, limit: number): Promise<AuditEventRow[]> {
      const rows = await tx
        .select()
        .from(auditUnsealed)
        .orderBy(asc(auditUnsealed.eventId))
        .limit(limit)
      if (rows.length === 0) return []
      const ids = rows.map(({ eventId }) => eventId)
      return tx
        .select()
        .from(auditEvents)
        .where(inArray(auditEvents.id, ids))
        .orderBy(asc(auditEvents.id))
    },

    async seal(
      tx: Queries,
      seals: { position: number; eventId: string; hash: string }[],
    ): Promise<void> {
      const ids = seals.map(({ eventId }) => eventId)
      await tx.insert(auditSeals).values(seals)
      await tx.delete(auditUnsealed).where(inArray(auditUnsealed.eventId, ids))
    },

    /** The seals after a position, in order, each with its event. */
    async after(queries: Queries, position: number, limit: number): Promise<SealedEvent[]> {
      const seals = await queries
        .select()
        .from(auditSeals)
        .where(gt(auditSeals.position, position))
        .orderBy(asc(auditSeals.position))
        .limit(limit)
      const ids = seals.map(({ eventId }) => eventId)
      const events =
        ids.length === 0
          ? []
          : await queries.select().from(auditEvents).where(inArray(auditEvents.id, ids))
      const byId = new Map(events.map((event) => [event.id, event]))
      return seals.map((seal) => ({ ...seal, event: byId.get(seal.eventId) ?? null }))
    },

    /** How many events wait to be sealed. */
    async countUnsealed(queries: Queries): Promise<number> {
      const [row] = await queries.select({ count: count() }).from(auditUnsealed)
      return row?.count ?? 0
    },

    /** Some events after one, by their ids, and those of them that neither note nor seal covers. */
    async coverage(queries: Queries, afterId: string | undefined, limit: number) {
      const events = await queries
        .select({ id: auditEvents.id })
        .from(auditEvents)
        .where(afterId === undefined ? undefined : gt(auditEvents.id, afterId))
        .orderBy(asc(auditEvents.id))
        .limit(limit)
      const ids = events.map(({ id }) => id)
      // The notes first: a sealer turns them into seals meanwhile.
      const covered = new Set<string>()
      for (const cover of [auditUnsealed, auditSeals]) {
        const rows = await queries
          .select({ id: cover.eventId })
          .from(cover)
          .where(inArray(cover.eventId, ids))
        for (const { id } of rows) covered.add(id)
      }
      return { ids, uncovered: ids.filter((id) => !covered.has(id)) }
    },

    /** Some notes after one, by the ids of their events, and those of them that have none. */
    async notes(queries: Queries, afterId: string | undefined, limit: number) {
      const notes = await queries
        .select()
        .from(auditUnsealed)
        .where(afterId === undefined ? undefined : gt(auditUnsealed.eventId, afterId))
        .orderBy(asc(auditUnsealed.eventId))
        .limit(limit)
      const ids = notes.map(({ eventId }) => eventId)
      const events = await queries
        .select({ id: auditEvents.id })
        .from(auditEvents)
        .where(inArray(auditEvents.id, ids))
      const found = new Set(events.map(({ id }) => id))
      return { ids, uncovered: ids.filter((id) => !found.has(id)) }
    },

    /** Deletes the beginning of the chain, events first; the triggers let only old ones go. */
    async deleteUpTo(tx: Queries, position: number, eventIds: string[]): Promise<void> {
      await tx.delete(auditEvents).where(inArray(auditEvents.id, eventIds))
      await tx.delete(auditSeals).where(and(lte(auditSeals.position, position)))
    },
  }
}
