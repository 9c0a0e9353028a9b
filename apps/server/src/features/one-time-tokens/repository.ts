import { and, asc, eq, gt, inArray, isNull, lte } from 'drizzle-orm'
import type { Queries } from '../../db/store.ts'
import type { OneTimeTokenRow, Tables } from '../../db/tables.ts'

/** A token as it is presented. */
export interface Claim {
  readonly purpose: string
  readonly secretHash: string
  readonly now: string
  /** One that was made later shows that a clock was wrong. */
  readonly madeBefore: string
}

export function createOneTimeTokensRepository({ oneTimeTokens }: Tables) {
  return {
    insert: (tx: Queries, row: OneTimeTokenRow) => tx.insert(oneTimeTokens).values(row),

    /** The token, while it can be spent. */
    async findLive(queries: Queries, claim: Claim): Promise<OneTimeTokenRow | undefined> {
      const [row] = await queries.select().from(oneTimeTokens).where(isLive(claim))
      return row
    },

    /** Spends the token; answers whether it was this call that did. */
    async spend(tx: Queries, claim: Claim): Promise<boolean> {
      const spent = await tx
        .update(oneTimeTokens)
        .set({ usedAt: claim.now })
        .where(isLive(claim))
        .returning({ id: oneTimeTokens.id })
      return spent.length > 0
    },

    deleteOfUser: (tx: Queries, userId: string, purpose?: string) =>
      tx
        .delete(oneTimeTokens)
        .where(
          and(
            eq(oneTimeTokens.userId, userId),
            purpose ? eq(oneTimeTokens.purpose, purpose) : undefined,
          ),
        ),

    deleteAll: (tx: Queries) => tx.delete(oneTimeTokens),

    /** Deletes some that have expired, oldest first; answers how many. */
    async deleteExpired(tx: Queries, now: string, limit: number): Promise<number> {
      const expired = tx
        .select({ id: oneTimeTokens.id })
        .from(oneTimeTokens)
        .where(lte(oneTimeTokens.expiresAt, now))
        .orderBy(asc(oneTimeTokens.expiresAt))
        .limit(limit)
      const deleted = await tx
        .delete(oneTimeTokens)
        .where(inArray(oneTimeTokens.id, expired))
        .returning({ id: oneTimeTokens.id })
      return deleted.length
    },
  }

  function isLive({ purpose, secretHash, now, madeBefore }: Claim) {
    return and(
      eq(oneTimeTokens.secretHash, secretHash),
      eq(oneTimeTokens.purpose, purpose),
      isNull(oneTimeTokens.usedAt),
      gt(oneTimeTokens.expiresAt, now),
      lte(oneTimeTokens.createdAt, madeBefore),
    )
  }
}
