import { addSeconds, type Clock, leewaySeconds, toInstant } from '../../clock.ts'
import { newId, randomText, sha256 } from '../../crypto.ts'
import type { Queries, Store } from '../../db/store.ts'
import { createOneTimeTokensRepository } from './repository.ts'

/** What a token is good for; it is good for nothing else (ASVS 6.6.2). */
export type Purpose = 'set_password'

export type OneTimeTokensService = ReturnType<typeof createOneTimeTokensService>

/** Makes and spends secrets that work once, for one account and one purpose. */
export function createOneTimeTokensService(dependencies: {
  store: Store
  clock: Clock
  linkSeconds: number
}) {
  const { store, clock, linkSeconds } = dependencies
  const repository = createOneTimeTokensRepository(store.tables)

  return {
    /** Makes a token, in place of an older one; shown now and kept only as a hash. */
    async make(tx: Queries, purpose: Purpose, userId: string) {
      const token = `rco_${randomText(secretBytes)}`
      const now = clock.now()
      const expiresAt = toInstant(addSeconds(now, linkSeconds))
      await repository.deleteOfUser(tx, userId, purpose)
      await repository.insert(tx, {
        id: newId(),
        purpose,
        userId,
        secretHash: sha256(token),
        createdAt: toInstant(now),
        expiresAt,
        usedAt: null,
      })
      return { token, expiresAt }
    },

    /** Whose token it is, while it can be spent. */
    async findOwner(purpose: Purpose, token: string): Promise<string | undefined> {
      return (await repository.findLive(store.read, claimOf(purpose, token)))?.userId
    },

    /** Spends the token; of any number of callers one is answered `true` (ASVS 2.3.4). */
    spend: (tx: Queries, purpose: Purpose, token: string): Promise<boolean> =>
      repository.spend(tx, claimOf(purpose, token)),

    /** Ends every token of an account. */
    endAllOf: (tx: Queries, userId: string) => repository.deleteOfUser(tx, userId),

    /** Ends every token of everybody. */
    endAll: (tx: Queries) => repository.deleteAll(tx),

    /** Deletes expired tokens in batches, so that no write waits long; answers how many. */
    async prune(): Promise<number> {
      for (let total = 0; ; ) {
        const deleted = await store.write((tx) =>
          repository.deleteExpired(tx, toInstant(clock.now()), pruneBatch),
        )
        total += deleted
        if (deleted < pruneBatch) return total
      }
    },
  }

  function claimOf(purpose: Purpose, token: string) {
    const now = clock.now()
    const madeBefore = toInstant(addSeconds(now, leewaySeconds))
    return { purpose, secretHash: sha256(token), now: toInstant(now), madeBefore }
  }
}

/** 256 bits: nobody guesses it, so that a fast hash is enough to keep it by. */
const secretBytes = 32

const pruneBatch = 500
