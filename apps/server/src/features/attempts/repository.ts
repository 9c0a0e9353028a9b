import { and, eq, gt, inArray, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Queries } from '../../db/store.ts'
import type { Tables } from '../../db/tables.ts'

/** An attempt that counts as a failure until it is given back. */
export interface Reservation {
  readonly key: string
  readonly freeFailures: number
  readonly now: string
  /** What was counted before then is forgotten. */
  readonly forgottenAt: string
  /** Only a clock that was wrong has anybody wait for longer; what it has counted is forgotten. */
  readonly latestWait: string
  /** Until when the first failure that is not free has to wait, the second, and so on. */
  readonly waitsUntil: readonly string[]
}

/** A wait that somebody is told of. */
export interface NotedWait {
  readonly key: string
  readonly until: string
  readonly now: string
  readonly latestWait: string
}

export type AttemptsRepository = ReturnType<typeof createAttemptsRepository>

/** How often a key has failed, and until when it has to wait if that is too often. */
export interface Counted {
  readonly failures: number
  readonly blockedUntil: string
}

/**
 * `blockedUntil` is when the last wait ends; before the first wait it is when
 * the counting started, which by a right clock is never in the future.
 */
export function createAttemptsRepository({ attempts }: Tables) {
  const failures = sql`${attempts.failures} + 1`

  return {
    /** Counts an attempt unless its key has to wait; answers whether it was counted. */
    async reserve(tx: Queries, reservation: Reservation): Promise<boolean> {
      const { key, freeFailures, now, forgottenAt, latestWait, waitsUntil } = reservation
      const isForgotten = sql`(${attempts.blockedUntil} <= ${forgottenAt} OR ${attempts.blockedUntil} > ${latestWait})`
      const steps = waitsUntil.map(
        (until, index) => sql` WHEN ${failures} = ${freeFailures + index} THEN ${until}`,
      )
      const reserved = await tx
        .insert(attempts)
        .values({ key, failures: 1, lastFailedAt: now, blockedUntil: now })
        .onConflictDoUpdate({
          target: attempts.key,
          set: {
            failures: sql`CASE WHEN ${isForgotten} THEN 1 ELSE ${failures} END`,
            lastFailedAt: now,
            blockedUntil: sql`CASE WHEN ${isForgotten} THEN ${now} WHEN ${failures} < ${freeFailures} THEN ${attempts.blockedUntil}${sql.join(steps)} ELSE ${waitsUntil.at(-1)} END`,
          },
          setWhere: or(
            lte(attempts.blockedUntil, now),
            lt(attempts.failures, freeFailures),
            isForgotten,
          ),
        })
        .returning({ key: attempts.key })
      return reserved.length > 0
    },

    /** The attempt was no failure; the wait that it had caused is lifted. */
    giveBack: (tx: Queries, { key, freeFailures, now }: Reservation) =>
      tx
        .update(attempts)
        .set({
          failures: sql`${attempts.failures} - 1`,
          blockedUntil: sql`CASE WHEN ${attempts.failures} < ${freeFailures} THEN ${attempts.blockedUntil} ELSE ${now} END`,
        })
        .where(and(eq(attempts.key, key), gt(attempts.failures, 0))),

    reset: (tx: Queries, key: string) => tx.delete(attempts).where(eq(attempts.key, key)),

    /** What is counted of each of the keys; one that never failed is missing. */
    async findCounted(queries: Queries, keys: readonly string[]): Promise<Map<string, Counted>> {
      const rows = await queries
        .select()
        .from(attempts)
        .where(inArray(attempts.key, [...keys]))
      return new Map(rows.map((row) => [row.key, row]))
    },

    /** Notes that a wait was told of; answers whether it had not been yet. */
    async noteWait(tx: Queries, { key, until, now, latestWait }: NotedWait): Promise<boolean> {
      const noted = await tx
        .insert(attempts)
        .values({ key, failures: 0, lastFailedAt: now, blockedUntil: until })
        .onConflictDoUpdate({
          target: attempts.key,
          set: { lastFailedAt: now, blockedUntil: until },
          setWhere: or(lt(attempts.blockedUntil, until), gt(attempts.blockedUntil, latestWait)),
        })
        .returning({ key: attempts.key })
      return noted.length > 0
    },

    /** Deletes some that failed last before an instant; answers how many. */
    async deleteOld(tx: Queries, before: string, limit: number): Promise<number> {
      const old: SQL = sql`(SELECT ${attempts.key} FROM ${attempts} WHERE ${attempts.lastFailedAt} <= ${before} LIMIT ${limit})`
      const deleted = await tx
        .delete(attempts)
        .where(inArray(attempts.key, old))
        .returning({ key: attempts.key })
      return deleted.length
    },
  }
}
