import { and, asc, desc, eq, gt, gte, inArray, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import { normalizeInstant } from '../../clock.ts'
import { prepared } from '../../db/prepared.ts'
import type { Queries } from '../../db/store.ts'
import type { AuditEventRow, Tables } from '../../db/tables.ts'

export interface AuditFilter {
  readonly actor?: string | undefined
  readonly target?: string | undefined
  /** What was done to an account, and what it did. */
  readonly about?: string | undefined
  readonly action?: string | undefined
  readonly after?: string | undefined
  readonly before?: string | undefined
}

export interface AuditSelection {
  readonly filter: AuditFilter
  /** The id of the event that the page starts beside, and on which side of it. */
  readonly from?: { readonly id: string; readonly direction: 'older' | 'newer' } | undefined
  readonly limit: number
}

export type AuditRepository = ReturnType<typeof createAuditRepository>

export function createAuditRepository({ auditEvents, auditUnsealed }: Tables) {
  const insertEvent = prepared<unknown, AuditEventRow & Record<string, unknown>>(
    'audit_insert_event',
    (queries) =>
      queries.insert(auditEvents).values({
        id: sql.placeholder('id'),
        at: sql.placeholder('at'),
        action: sql.placeholder('action'),
        actorId: sql.placeholder('actorId'),
        actorSessionId: sql.placeholder('actorSessionId'),
        targetType: sql.placeholder('targetType'),
        targetId: sql.placeholder('targetId'),
        ip: sql.placeholder('ip'),
        userAgent: sql.placeholder('userAgent'),
        requestId: sql.placeholder('requestId'),
        details: sql.placeholder('details'),
      }),
  )
  const insertUnsealed = prepared<unknown, { id: string }>('audit_insert_unsealed', (queries) =>
    queries.insert(auditUnsealed).values({ eventId: sql.placeholder('id') }),
  )

  return {
    async insert(tx: Queries, row: AuditEventRow): Promise<void> {
      await insertEvent(tx, { ...row })
      await insertUnsealed(tx, { id: row.id })
    },

    /** One event more than the limit, if there is one, in the direction asked for. */
    list(queries: Queries, { filter, from, limit }: AuditSelection): Promise<AuditEventRow[]> {
      const isNewer = from?.direction === 'newer'
      const beyond = from && (isNewer ? gt(auditEvents.id, from.id) : lt(auditEvents.id, from.id))
      return queries
        .select()
        .from(auditEvents)
        .where(and(...conditionsOf(filter), beyond))
        .orderBy(isNewer ? asc(auditEvents.id) : desc(auditEvents.id))
        .limit(limit + 1)
    },

    /** The newest event about a target, of some actions. */
    async findNewest(queries: Queries, targetId: string, actions: readonly string[]) {
      const [row] = await queries
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.targetId, targetId), inArray(auditEvents.action, [...actions])))
        .orderBy(desc(auditEvents.id))
        .limit(1)
      return row
    },

    findByIds: (queries: Queries, ids: string[]): Promise<AuditEventRow[]> =>
      queries.select().from(auditEvents).where(inArray(auditEvents.id, ids)),
  }

  function conditionsOf(filter: AuditFilter): (SQL | undefined)[] {
    const { actor, target, about, action, after, before } = filter
    return [
      actor ? eq(auditEvents.actorId, actor) : undefined,
      target ? eq(auditEvents.targetId, target) : undefined,
      about ? or(eq(auditEvents.actorId, about), eq(auditEvents.targetId, about)) : undefined,
      action ? eq(auditEvents.action, action) : undefined,
      after ? gte(auditEvents.at, normalizeInstant(after)) : undefined,
      before ? lte(auditEvents.at, normalizeInstant(before)) : undefined,
    ]
  }
}
