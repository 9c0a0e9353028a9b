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

    /** How many events, seals, and events without a seal there are. */
    async counts(queries: Queries) {
      const [events] = await queries.select({ count: count() }).from(auditEvents)
      const [seals] = await queries.select({ count: count() }).from(auditSeals)
      const [unsealed] = await queries.select({ count: count() }).from(auditUnsealed)
      return {
        events: events?.count ?? 0,
        seals: seals?.count ?? 0,
        unsealed: unsealed?.count ?? 0,
      }
    },

    /** Deletes the beginning of the chain, events first; the triggers let only old ones go. */
    async deleteUpTo(tx: Queries, position: number, eventIds: string[]): Promise<void> {
      await tx.delete(auditEvents).where(inArray(auditEvents.id, eventIds))
      await tx.delete(auditSeals).where(and(lte(auditSeals.position, position)))
    },
  }
}
