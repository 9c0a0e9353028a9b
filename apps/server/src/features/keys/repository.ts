import { and, desc, isNull, lte, ne } from 'drizzle-orm'
import type { Queries } from '../../db/store.ts'
import type { SigningKeyRow, Tables } from '../../db/tables.ts'

export type KeysRepository = ReturnType<typeof createKeysRepository>

export function createKeysRepository({ signingKeys }: Tables) {
  return {
    /** Youngest first. */
    list: (queries: Queries): Promise<SigningKeyRow[]> =>
      queries.select().from(signingKeys).orderBy(desc(signingKeys.signsFrom), desc(signingKeys.id)),

    insert: (tx: Queries, key: SigningKeyRow) => tx.insert(signingKeys).values(key),

    /** Sets the end of every other key that has none. */
    retireOthers: (tx: Queries, id: string, verifiesUntil: string) =>
      tx
        .update(signingKeys)
        .set({ verifiesUntil })
        .where(and(ne(signingKeys.id, id), isNull(signingKeys.verifiesUntil))),

    /** Ends every key before the instant, whatever end it had. */
    endBefore: (tx: Queries, id: string, verifiesUntil: string) =>
      tx.update(signingKeys).set({ verifiesUntil }).where(ne(signingKeys.id, id)),

    deleteEnded: (tx: Queries, now: string) =>
      tx.delete(signingKeys).where(lte(signingKeys.verifiesUntil, now)),
  }
}
