import type { AuditAction, AuditEvent } from '@rollcall/contract'
import { type Clock, toInstant } from '../../clock.ts'
import { newId } from '../../crypto.ts'
import type { Queries, Store } from '../../db/store.ts'
import type { AuditEventRow } from '../../db/tables.ts'
import type { Principal } from '../sessions/principal.ts'
import { isSignedIn, type Origin } from './origin.ts'
import { type AuditSelection, createAuditRepository } from './repository.ts'

/** One thing that was done, as the code that does it tells. */
export interface Deed {
  readonly action: AuditAction
  /** Who did it: somebody signed in, or only where the request came from. */
  readonly by: Principal | Origin
  readonly target?: { readonly type: 'user' | 'session' | 'role' | 'key'; readonly id: string }
  /** Changed members before and after, or what else there is to tell; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>
}

export type AuditService = ReturnType<typeof createAuditService>

/** Writes the audit trail, each event in the transaction of what it tells of, and reads it. */
export function createAuditService(dependencies: { store: Store; clock: Clock }) {
  const { store, clock } = dependencies
  const repository = createAuditRepository(store.tables)

  return {
    record: (tx: Queries, deed: Deed): Promise<void> =>
      repository.insert(tx, toRow(deed, toInstant(clock.now()))),

    async list(selection: AuditSelection): Promise<AuditEvent[]> {
      return (await repository.list(store.replica, selection)).map(toEvent)
    },

    /** What was done last to a target, of some actions; nothing once it is not kept any more. */
    async findNewest(queries: Queries, targetId: string, actions: readonly AuditAction[]) {
      const row = await repository.findNewest(queries, targetId, actions)
      return row && toEvent(row)
    },
  }
}

function toRow({ action, by, target, details = {} }: Deed, at: string): AuditEventRow {
  const principal = isSignedIn(by) ? by : undefined
  const origin = isSignedIn(by) ? by.origin : by
  return {
    id: newId(),
    at,
    action,
    actorId: principal?.user.id ?? null,
    actorSessionId: principal?.session.id ?? null,
    targetType: target?.type ?? null,
    targetId: target?.id ?? null,
    ip: origin.ip,
    userAgent: origin.userAgent,
    requestId: origin.requestId,
    details: JSON.stringify(details),
  }
}

export function toEvent(row: AuditEventRow): AuditEvent {
  return {
    id: row.id,
    at: row.at,
    action: row.action as AuditAction,
    actor_id: row.actorId,
    actor_session_id: row.actorSessionId,
    target_type: row.targetType,
    target_id: row.targetId,
    ip: row.ip,
    user_agent: row.userAgent,
    request_id: row.requestId,
    details: JSON.parse(row.details),
  }
}

/** The members of two states that differ, before and after. */
export function difference<State extends object>(before: State, after: State) {
  const isEqual = (key: keyof State) => JSON.stringify(before[key]) === JSON.stringify(after[key])
  const changed = Object.keys(after).filter((key) => !isEqual(key as keyof State))
  const pick = (state: State) =>
    Object.fromEntries(changed.map((key) => [key, state[key as keyof State]]))
  return { before: pick(before), after: pick(after) }
}
