import { and, eq, gt, inArray, lt, lte, or, type SQL, sql } from 'drizzle-orm'
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

/** How often a key has failed, and until when it has to wait if that is too often. */
export interface Counted {
  readonly key: string
  readonly failures: number
  readonly blockedUntil: string
}

/** A wait that somebody is told of. */
export interface ToldWait {
  readonly key: string
  readonly until: string
  readonly now: string
  /** Nobody is told to wait for longer. */
  readonly latest: string
}

/** How many waits there are, each twice as long as the one before. */
const waitSteps = waitSeconds.length

export type AttemptsRepository = ReturnType<typeof createAttemptsRepository>

/**
 * `blockedUntil` is when the last wait ends; before the first wait it is when
 * the counting started. One further away than the longest wait is of a clock
 * that was wrong, and counts as forgotten.
 */
export function createAttemptsRepository({ attempts }: Tables) {
  const reserve = prepared<{ key: string }[], Record<string, unknown>>(
    'attempts_reserve',
    (queries) => {
      const failures = sql`${attempts.failures} + 1`
      const now = sql`${sql.placeholder('now')}`
      const wait = (step: number) => sql`${sql.placeholder(`wait${step}`)}`
      const isForgotten = sql`(${attempts.blockedUntil} <= ${sql.placeholder('forgottenAt')} OR ${attempts.blockedUntil} > ${wait(waitSteps - 1)})`
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
          setWhere: or(
            lte(attempts.blockedUntil, now),
            lt(attempts.failures, freeFailures),
            isForgotten,
          ),
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

  const findCounted = prepared<Counted[], Record<string, unknown>>(
    'attempts_find_counted',
    (queries) =>
      queries
        .select({
          key: attempts.key,
          failures: attempts.failures,
          blockedUntil: attempts.blockedUntil,
        })
        .from(attempts)
        .where(
          inArray(
            attempts.key,
            [0, 1, 2, 3].map((index) => sql.placeholder(`${index}`)),
          ),
        ),
  )

  const remember = prepared<unknown, Record<string, unknown>>('attempts_remember', (queries) => {
    const until = sql`${sql.placeholder('until')}`
    return queries
      .insert(attempts)
      .values({
        key: sql.placeholder('key'),
        failures: 0,
        lastFailedAt: sql.placeholder('until'),
        blockedUntil: sql.placeholder('now'),
      })
      .onConflictDoUpdate({ target: attempts.key, set: { lastFailedAt: until } })
  })

  const findRemembered = prepared<{ key: string }[], Record<string, unknown>>(
    'attempts_find_remembered',
    (queries) =>
      queries
        .select({ key: attempts.key })
        .from(attempts)
        .where(
          and(
            eq(attempts.key, sql.placeholder('key')),
            gt(attempts.lastFailedAt, sql.placeholder('after')),
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
     * What is counted of each of the keys; one that never failed is missing. There are always
     * four: of the two counters of an attempt, and of the notes about their waits.
     */
    async findCounted(queries: Queries, keys: readonly string[]): Promise<Map<string, Counted>> {
      const rows = await findCounted(queries, { ...keys })
      return new Map(rows.map((row) => [row.key, row]))
    },

    /** Notes that a wait was told of; answers whether it had not been yet. */
    async noteWait(tx: Queries, { key, until, now, latest }: ToldWait): Promise<boolean> {
      const noted = await tx
        .insert(attempts)
        .values({ key, failures: 0, lastFailedAt: now, blockedUntil: until })
        .onConflictDoUpdate({
          target: attempts.key,
          set: { lastFailedAt: now, blockedUntil: until },
          setWhere: or(lt(attempts.blockedUntil, until), gt(attempts.blockedUntil, latest)),
        })
        .returning({ key: attempts.key })
      return noted.length > 0
    },

    /** Keeps a key in mind, until it is deleted as one that failed last at the instant. */
    async remember(tx: Queries, key: string, until: string, now: string): Promise<void> {
      await remember(tx, { key, until, now })
    },

    /** Whether a key is kept in mind beyond an instant. */
    async isRemembered(queries: Queries, key: string, after: string): Promise<boolean> {
      return (await findRemembered(queries, { key, after })).length > 0
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
