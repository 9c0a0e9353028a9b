import type { SigningKey as DescribedKey, Jwk } from '@rollcall/contract'
import { addSeconds, type Clock, toInstant } from '../../clock.ts'
import { deriveKey, type Key, newId, newSigningKey, seal, toPem, unseal } from '../../crypto.ts'
import type { Queries, Store } from '../../db/store.ts'
import type { SigningKeyRow } from '../../db/tables.ts'
import { isSignedIn, type Origin, operator } from '../audit/origin.ts'
import type { AuditService } from '../audit/service.ts'
import type { Principal } from '../sessions/principal.ts'
import { requireRecent } from '../sessions/recent.ts'
import { createKeysRepository } from './repository.ts'
import { isInForce, toSigningKey, toSigningKeys } from './representation.ts'

/** Others may keep the public keys for so long, and so a new one waits before it signs. */
export const publicKeyCacheSeconds = 300

/** Clocks of two servers differ by no more than this. */
const clockSkewSeconds = 60

/** A key, ready to sign and verify. */
export interface SigningKey {
  readonly row: SigningKeyRow
  readonly privateKey: string
  readonly publicKey: string
}

export type KeysService = ReturnType<typeof createKeysService>

/** Makes, rotates and opens the keys that access tokens are signed with. */
export function createKeysService(dependencies: {
  store: Store
  clock: Clock
  audit: AuditService
  secret: string
  accessTokenSeconds: number
}) {
  const { store, clock, audit, accessTokenSeconds } = dependencies
  const repository = createKeysRepository(store.tables)
  const sealingKey = deriveKey(dependencies.secret, 'signing-keys')

  function newKey(signsFrom: Date): SigningKeyRow {
    const id = newId()
    const { x, d } = newSigningKey()
    return {
      id,
      publicKey: x,
      sealedPrivateKey: seal(sealingKey, d, id),
      createdAt: toInstant(clock.now()),
      signsFrom: toInstant(signsFrom),
      verifiesUntil: null,
    }
  }

  function open(row: SigningKeyRow): SigningKey {
    return { row, ...toPem({ x: row.publicKey, d: unsealPrivateKey(sealingKey, row) }) }
  }

  return {
    /** Every key that still verifies, youngest first; makes the first one. */
    async open(): Promise<SigningKey[]> {
      const known = await repository.list(store.read)
      if (known.length === 0) await createFirst()
      return (await listInForce()).map(open)
    },

    list: () => repository.list(store.read),

    listInForce,

    /** Every key as it is answered, without its private half. */
    async describe(): Promise<DescribedKey[]> {
      return toSigningKeys(await repository.list(store.read), toInstant(clock.now()))
    },

    describeNew: (row: SigningKeyRow): DescribedKey =>
      toSigningKey(row, true, toInstant(clock.now())),

    /** The next key: known at once, signing after others have had the time to fetch it. */
    rotate: (by: Principal | Origin = operator) =>
      store.write(async (tx) => {
        if (isSignedIn(by)) requireRecent(by)
        const signsFrom = addSeconds(clock.now(), publicKeyCacheSeconds)
        const key = newKey(signsFrom)
        await repository.deleteEnded(tx, toInstant(clock.now()))
        await repository.insert(tx, key)
        const lastExpiry = addSeconds(signsFrom, accessTokenSeconds + clockSkewSeconds)
        await repository.retireOthers(tx, key.id, toInstant(lastExpiry))
        await note(tx, 'key.rotated', by, key)
        return key
      }),

    /** For a stolen key: a new one signs now, and every token of the others is refused. */
    replace: (by: Principal | Origin = operator) =>
      store.write(async (tx) => {
        if (isSignedIn(by)) requireRecent(by)
        const key = newKey(clock.now())
        await repository.insert(tx, key)
        await repository.endBefore(tx, key.id, toInstant(clock.now()))
        await note(tx, 'key.replaced', by, key)
        return key
      }),
  }

  function note(
    tx: Queries,
    action: 'key.rotated' | 'key.replaced',
    by: Principal | Origin,
    key: SigningKeyRow,
  ) {
    const details = { signs_from: key.signsFrom }
    return audit.record(tx, { action, by, target: { type: 'key', id: key.id }, details })
  }

  async function listInForce() {
    const now = toInstant(clock.now())
    return (await repository.list(store.read)).filter((row) => isInForce(row, now))
  }

  /** Of two servers that start at once one makes it: the other would refuse tokens of a second. */
  function createFirst() {
    return store.write(async (tx) => {
      await store.dialect.takeTurns(tx, ['first signing key'])
      if ((await repository.list(tx)).length > 0) return
      const key = newKey(clock.now())
      await repository.insert(tx, key)
      await note(tx, 'key.rotated', operator, key)
    })
  }
}

/** Whether a database holds keys, which only the secret that they were made with can open. */
export async function hasKeys(store: Store): Promise<boolean> {
  return (await createKeysRepository(store.tables).list(store.read)).length > 0
}

function unsealPrivateKey(sealingKey: Key, row: SigningKeyRow): string {
  try {
    return unseal(sealingKey, row.sealedPrivateKey, row.id)
  } catch (cause) {
    throw new Error(
      'ROLLCALL_SECRET is not the one that this database was made with: its signing keys cannot be opened.',
      { cause },
    )
  }
}

/** The public half, as others verify with it. */
export function toJwk(row: SigningKeyRow): Jwk {
  return { kty: 'OKP', crv: 'Ed25519', x: row.publicKey, kid: row.id, alg: 'EdDSA', use: 'sig' }
}
