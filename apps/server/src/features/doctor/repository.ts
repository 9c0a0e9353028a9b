import { count, lte, max } from 'drizzle-orm'
import type { Queries } from '../../db/store.ts'
import type { Tables } from '../../db/tables.ts'

export function createDoctorRepository({ users, sessions, auditEvents, oneTimeTokens }: Tables) {
  return {
    /** The newest instant that a row tells of; of sessions only when all may be walked. */
    async newestInstant(queries: Queries, withSessions: boolean): Promise<string | undefined> {
      const [joined] = await queries.select({ at: max(users.dateJoined) }).from(users)
      const [used] = withSessions
        ? await queries.select({ at: max(sessions.lastUsedAt) }).from(sessions)
        : []
      const [noted] = await queries.select({ at: max(auditEvents.at) }).from(auditEvents)
      const instants = [joined?.at, used?.at, noted?.at].filter((at) => typeof at === 'string')
      return instants.sort().at(-1)
    },

    /** How many rows had expired by then and are still there. */
    async countExpired(queries: Queries, before: string): Promise<number> {
      const [ended] = await queries
        .select({ rows: count() })
        .from(sessions)
        .where(lte(sessions.expiresAt, before))
      const [outdated] = await queries
        .select({ rows: count() })
        .from(oneTimeTokens)
        .where(lte(oneTimeTokens.expiresAt, before))
      return (ended?.rows ?? 0) + (outdated?.rows ?? 0)
    },
  }
}
