import { gte, lt, sql } from 'drizzle-orm'
import type { Queries } from '../../db/store.ts'
import type { Tables } from '../../db/tables.ts'

export function createDailyCountsRepository({ dailyCounts }: Tables) {
  return {
    add: (tx: Queries, rows: { day: string; name: string; count: number }[]) =>
      tx
        .insert(dailyCounts)
        .values(rows)
        .onConflictDoUpdate({
          target: [dailyCounts.day, dailyCounts.name],
          set: { count: sql`${dailyCounts.count} + excluded.count` },
        }),

    /** The counts of that day and later. */
    since: (queries: Queries, day: string) =>
      queries.select().from(dailyCounts).where(gte(dailyCounts.day, day)),

    deleteBefore: (tx: Queries, day: string) =>
      tx.delete(dailyCounts).where(lt(dailyCounts.day, day)),
  }
}
