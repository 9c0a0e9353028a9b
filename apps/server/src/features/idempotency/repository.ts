import { and, asc, eq, inArray, isNull, lte } from 'drizzle-orm'
import type { Queries } from '../../db/store.ts'
import type { IdempotencyKeyRow, Tables } from '../../db/tables.ts'

/** One attempt at a request, which holds the key until it is answered or takes too long. */
export type Claim = Pick<IdempotencyKeyRow, 'keyHash' | 'requestHash' | 'claimId'>

export function createIdempotencyRepository({ idempotencyKeys }: Tables) {
  return {
    /** Takes the key unless somebody holds it; answers whether it was taken. */
    async claim(tx: Queries, claim: Claim, now: string, expiresAt: string): Promise<boolean> {
      const row = { ...claim, sealedAnswer: null, expiresAt }
      const taken = await tx
        .insert(idempotencyKeys)
        .values(row)
        .onConflictDoUpdate({
          target: idempotencyKeys.keyHash,
          set: row,
          setWhere: lte(idempotencyKeys.expiresAt, now),
        })
        .returning({ keyHash: idempotencyKeys.keyHash })
      return taken.length > 0
    },

    async find(queries: Queries, keyHash: string): Promise<IdempotencyKeyRow | undefined> {
      const [row] = await queries
        .select()
        .from(idempotencyKeys)
        .where(eq(idempotencyKeys.keyHash, keyHash))
      return row
    },

    /** Keeps the answer if the claim still holds the key; answers whether it did. */
    async complete(
      tx: Queries,
      claim: Claim,
      answer: Pick<IdempotencyKeyRow, 'sealedAnswer' | 'expiresAt'>,
    ): Promise<boolean> {
      const completed = await tx
        .update(idempotencyKeys)
        .set(answer)
        .where(isHeldBy(claim))
        .returning({ keyHash: idempotencyKeys.keyHash })
      return completed.length > 0
    },

    /** Frees the key, unless the claim was completed after all. */
    release: (tx: Queries, claim: Claim) => tx.delete(idempotencyKeys).where(isHeldBy(claim)),

    /** Deletes some that have expired, oldest first; answers how many. */
    async deleteExpired(tx: Queries, now: string, limit: number): Promise<number> {
      const expired = tx
        .select({ keyHash: idempotencyKeys.keyHash })
        .from(idempotencyKeys)
        .where(lte(idempotencyKeys.expiresAt, now))
        .orderBy(asc(idempotencyKeys.expiresAt))
        .limit(limit)
      const deleted = await tx
        .delete(idempotencyKeys)
        .where(inArray(idempotencyKeys.keyHash, expired))
        .returning({ keyHash: idempotencyKeys.keyHash })
      return deleted.length
    },
  }

  function isHeldBy({ keyHash, claimId }: Claim) {
    return and(
      eq(idempotencyKeys.keyHash, keyHash),
      eq(idempotencyKeys.claimId, claimId),
      isNull(idempotencyKeys.sealedAnswer),
    )
  }
}
