import { addSeconds, type Clock, toInstant } from '../../clock.ts'
import { deriveKey, hmac, newId, seal, unseal } from '../../crypto.ts'
import type { Queries, Store } from '../../db/store.ts'
import { ProblemError } from '../../problem.ts'
import { type Claim, createIdempotencyRepository } from './repository.ts'

/** A request, as far as it is told apart from others. */
export interface KeyedRequest {
  /** What the caller has named the request by. */
  readonly key: string
  /** The account that calls; without one, everybody who is not signed in shares their keys. */
  readonly callerId: string | undefined
  readonly operationId: string
  /** Parameters and body, validated. */
  readonly input: unknown
}

/** What a request is answered, but for the status, of which an operation has but one. */
export interface Answer<Body> {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
}

/** An answer that went through `Keep`: an operation that honours keys answers no other. */
export interface Kept<Body> extends Answer<Body> {
  readonly isKept: true
}

/** Keeps the answer in the transaction of what it tells of, if the request carries a key. */
export type Keep = <Body>(tx: Queries, answer: Answer<Body>) => Promise<Kept<Body>>

export type IdempotencyService = ReturnType<typeof createIdempotencyService>

/**
 * Does what is asked for once per key, however often it is asked. The key is
 * taken before the work, in a transaction of its own, since nobody holds one
 * while a password is hashed; the answer is kept with the effect, so that there
 * is never one without the other.
 */
export function createIdempotencyService(dependencies: {
  store: Store
  clock: Clock
  secret: string
}) {
  const { store, clock, secret } = dependencies
  const repository = createIdempotencyRepository(store.tables)
  // Bodies hold passwords: whoever has the database must not be able to try some against a hash.
  const hashKey = deriveKey(secret, 'idempotency-keys')
  const sealingKey = deriveKey(secret, 'idempotency-answers')

  return {
    /** The answer of `work`, or the one that the same request was given before. */
    async once(
      request: KeyedRequest,
      work: (keep: Keep) => Promise<Kept<unknown>>,
    ): Promise<Answer<unknown> & { readonly isReplayed: boolean }> {
      const claim = claimFor(request)
      const earlier = await store.write((tx) => take(tx, claim))
      if (earlier) return { ...earlier, isReplayed: true }
      try {
        const answer = await work((tx, answer) => keep(tx, claim, answer))
        return { ...answer, isReplayed: false }
      } catch (error) {
        // Nothing was done. Should this fail too, the key is free when the claim has expired.
        await store.write((tx) => repository.release(tx, claim)).catch(() => {})
        throw error
      }
    },

    /** Deletes expired keys in batches, so that no write waits long; answers how many. */
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

  function claimFor({ key, callerId = 'anonymous', operationId, input }: KeyedRequest): Claim {
    return {
      keyHash: hash('key', callerId, key),
      requestHash: hash('request', operationId, input),
      claimId: newId(),
    }
  }

  function hash(...parts: unknown[]): string {
    return hmac(hashKey, JSON.stringify(parts, inOrder)).toString('hex')
  }

  /** Takes the key, or answers what was answered to it before. */
  async function take(tx: Queries, claim: Claim): Promise<Answer<unknown> | undefined> {
    const now = clock.now()
    const expiresAt = toInstant(addSeconds(now, claimSeconds))
    if (await repository.claim(tx, claim, toInstant(now), expiresAt)) return undefined
    const row = await repository.find(tx, claim.keyHash)
    if (row && row.requestHash !== claim.requestHash) throw mismatch()
    // Without a row the other attempt was refused at this moment: the next one finds the key free.
    if (!row?.sealedAnswer) throw inFlight()
    return JSON.parse(unseal(sealingKey, row.sealedAnswer, row.keyHash))
  }

  async function keep<Body>(tx: Queries, claim: Claim, answer: Answer<Body>): Promise<Kept<Body>> {
    const isKept = await repository.complete(tx, claim, {
      sealedAnswer: seal(sealingKey, JSON.stringify(answer), claim.keyHash),
      expiresAt: toInstant(addSeconds(clock.now(), keepSeconds)),
    })
    // It took too long, and another attempt goes on with the key: this one undoes its effect.
    if (!isKept) throw inFlight()
    return { ...answer, isKept: true }
  }
}

/** For a request without a key. */
export const keepNothing: Keep = async (_tx, answer) => ({ ...answer, isKept: true })

/** What a process that ends amid the work has claimed is free after so long. */
const claimSeconds = 60

/** An answer is given again for so long. */
const keepSeconds = 86_400

const pruneBatch = 500

/** For `JSON.stringify`: the same members in another order are the same body (RFC 8259, section 4). */
function inOrder(_member: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const members = Object.entries(value)
  return Object.fromEntries(members.sort(([one], [other]) => (one < other ? -1 : 1)))
}

function inFlight(): ProblemError {
  return new ProblemError('idempotency_in_flight', {
    detail: 'A request with this Idempotency-Key is under way. Send it again in a second.',
    retryAfter: 1,
  })
}

function mismatch(): ProblemError {
  return new ProblemError('idempotency_mismatch', {
    detail: 'This Idempotency-Key came with another request. Take a new key for a new request.',
  })
}
