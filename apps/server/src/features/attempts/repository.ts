import { and, eq, gt, inArray, lt, lte, type SQL, sql } from 'drizzle-orm'
import { prepared } from '../../db/prepared.ts'
import type { Queries } from '../../db/store.ts'
import type { Tables } from '../../db/tables.ts'
import { waitSeconds } from '../../limits.ts'

/** An attempt that counts as a failure until it is given back. */
export interface Reservation {
  readonly key: string
  readonly freeFailures: number
  readonly now: string
  /** What was counted before then is forgotten. */
  readonly forgottenAt: string
  /** Until when the first failure that is not free has to wait, the second, and so on. */
  readonly waitsUntil: readonly string[]
}

/** How many waits there are, each twice as long as the one before. */
const waitSteps = waitSeconds.length

export type AttemptsRepository = ReturnType<typeof createAttemptsRepository>

/**
 * `blockedUntil` is when the last wait ends; before the first wait it is when
 * the counting started, which is never in the future.
 */
export function createAttemptsRepository({ attempts }: Tables) {
  const reserve = prepared<{ key: string }[], Record<string, unknown>>(
    'attempts_reserve',
    (queries) => {
      const failures = sql`${attempts.failures} + 1`
      const isForgotten = lte(attempts.blockedUntil, sql`${sql.placeholder('forgottenAt')}`)
      const now = sql`${sql.placeholder('now')}`
      const wait = (step: number) => sql`${sql.placeholder(`wait${step}`)}`
      const steps = Array.from(
        { length: waitSteps },
        (_, step) =>
          sql` WHEN ${failures} = ${sql.placeholder(`failures${step}`)} THEN ${wait(step)}`,
      )
      const freeFailures = sql.placeholder('failures0')
      return queries
        .insert(attempts)
        .values({
          key: sql.placeholder('key'),
          failures: 1,
          lastFailedAt: sql.placeholder('now'),
          blockedUntil: sql.placeholder('now'),
        })
        .onConflictDoUpdate({
          target: attempts.key,
          set: {
            failures: sql`CASE WHEN ${isForgotten} THEN 1 ELSE ${failures} END`,
            lastFailedAt: now,
            blockedUntil: sql`CASE WHEN ${isForgotten} THEN ${now} WHEN ${failures} < ${freeFailures} THEN ${attempts.blockedUntil}${sql.join(steps)} ELSE ${wait(waitSteps - 1)} END`,
          },
          setWhere: lte(attempts.blockedUntil, now),
        })
        .returning({ key: attempts.key })
    },
  )

  const giveBack = prepared<unknown, Record<string, unknown>>('attempts_give_back', (queries) =>
    queries
      .update(attempts)
      .set({
        failures: sql`${attempts.failures} - 1`,
        blockedUntil: sql`CASE WHEN ${attempts.failures} < ${sql.placeholder('freeFailures')} THEN ${attempts.blockedUntil} ELSE ${sql.placeholder('now')} END`,
      })
      .where(and(eq(attempts.key, sql.placeholder('key')), gt(attempts.failures, 0))),
  )

  const findWaits = prepared<{ key: string; blockedUntil: string }[], Record<string, unknown>>(
    'attempts_find_waits',
    (queries) =>
      queries
        .select({ key: attempts.key, blockedUntil: attempts.blockedUntil })
        .from(attempts)
        .where(
          inArray(
            attempts.key,
            [0, 1, 2, 3].map((index) => sql.placeholder(`${index}`)),
          ),
        ),
  )

  const reset = prepared<unknown, { key: string }>('attempts_reset', (queries) =>
    queries.delete(attempts).where(eq(attempts.key, sql.placeholder('key'))),
  )

  return {
    /** Counts an attempt unless its key has to wait; answers whether it was counted. */
    async reserve(tx: Queries, reservation: Reservation): Promise<boolean> {
      const { key, freeFailures, now, forgottenAt, waitsUntil } = reservation
      const steps = waitsUntil.flatMap((until, step) => [
        [`wait${step}`, until],
        [`failures${step}`, freeFailures + step],
      ])
      const values = { key, now, forgottenAt, ...Object.fromEntries(steps) }
      return (await reserve(tx, values)).length > 0
    },

    /** The attempt was no failure; the wait that it had caused is lifted. */
    giveBack: (tx: Queries, { key, freeFailures, now }: Reservation) =>
      giveBack(tx, { key, freeFailures, now }),

    reset: (tx: Queries, key: string) => reset(tx, { key }),

    /**
     * Until when each of the keys has to wait; one that never failed is missing. There are always
     * four: of the two counters of an attempt, and of the notes about their waits.
     */
    async findWaits(queries: Queries, keys: readonly string[]): Promise<Map<string, string>> {
      const rows = await findWaits(queries, { ...keys })
      return new Map(rows.map(({ key, blockedUntil }) => [key, blockedUntil]))
    },

    /** Notes that a wait was told of; answers whether it had not been yet. */
    async noteWait(tx: Queries, key: string, until: string, now: string): Promise<boolean> {
      const noted = await tx
        .insert(attempts)
        .values({ key, failures: 0, lastFailedAt: now, blockedUntil: until })
        .onConflictDoUpdate({
          target: attempts.key,
          set: { lastFailedAt: now, blockedUntil: until },
          setWhere: lt(attempts.blockedUntil, until),
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
