import type { Jwk } from '../generated/types.gen.ts'
import type { VerifyKey } from './token.ts'

/** The server asks that its keys be kept for no longer, so that a withdrawn one is refused. */
const longestMs = 300_000

/** Anybody can make up the name of a key: the server is asked for new ones no oftener. */
const shortestMs = 10_000

/** The public keys of a server by their name, fetched when they are needed. */
export function createKeySet(source: { fetchKeys: () => Promise<Jwk[]>; now: () => number }) {
  const { fetchKeys, now } = source
  let keys = new Map<string, VerifyKey>()
  let fetchedAt = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | undefined

  async function fetchAll() {
    const found = await fetchKeys()
    const entries = found.map(async (jwk) => [jwk.kid, await importKey(jwk)] as const)
    keys = new Map(await Promise.all(entries))
    fetchedAt = now()
  }

  /** All who wait for the keys wait for one answer. */
  function refetch() {
    fetching ??= fetchAll().finally(() => {
      fetching = undefined
    })
    return fetching
  }

  return {
    /** The key of this name, `undefined` if the server has none; rejects if it does not answer. */
    async find(keyId: string): Promise<VerifyKey | undefined> {
      const ageMs = Math.abs(now() - fetchedAt)
      if (ageMs >= longestMs || (!keys.has(keyId) && ageMs >= shortestMs)) await refetch()
      return keys.get(keyId)
    },
  }
}

function importKey({ kty, crv, x }: Jwk): Promise<VerifyKey> {
  return crypto.subtle.importKey('jwk', { kty, crv, x }, 'Ed25519', false, ['verify'])
}
