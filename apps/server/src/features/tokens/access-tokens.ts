import { addSeconds, type Clock, leewaySeconds, toInstant } from '../../clock.ts'
import { newId } from '../../crypto.ts'
import type { SessionRow } from '../../db/tables.ts'
import type { KeysService, SigningKey } from '../keys/service.ts'
import { authTimeOf } from '../sessions/recent.ts'

/** What an access token says; none of it is authority (RFC 9068). */
export interface AccessClaims {
  readonly sub: string
  readonly sid: string
  readonly jti: string
  readonly iat: number
  readonly exp: number
  readonly auth_time: number
  readonly token_type: 'access'
}

/** Signs and verifies with one key. */
export interface Jwt {
  sign(claims: AccessClaims): string
  verify(token: string): AccessClaims
}

export type CreateJwt = (options: {
  keyId: string
  privateKey: string
  publicKey: string
}) => Promise<Jwt>

interface LoadedKey {
  readonly key: SigningKey
  readonly jwt: Jwt
  /** The first part of every token that this key signs. */
  readonly header: string
  /** The claims of tokens that were verified before: most of what a read would cost. */
  readonly verified: Map<string, AccessClaims>
}

/** Tokens remembered per key; they live for minutes. */
const maxVerified = 10_000

/**
 * Three parts in base64url. 64 bytes leave four bits of the last character
 * unused; that they are zero makes each token's spelling the only one.
 */
const tokenForm = /^[\w-]+\.[\w-]+\.[\w-]{85}[AQgw]$/

/** An unknown key may have been made by another server; look for it no oftener than this. */
const reloadIntervalMs = 1_000

export type AccessTokens = Awaited<ReturnType<typeof createAccessTokens>>

/** Signs access tokens with the key in force and verifies them with every key that still is. */
export async function createAccessTokens(dependencies: {
  keys: KeysService
  createJwt: CreateJwt
  clock: Clock
  accessTokenSeconds: number
}) {
  const { keys, createJwt, clock, accessTokenSeconds } = dependencies
  let loaded: LoadedKey[] = []
  let loadedAt = 0
  let loading: Promise<void> | undefined

  /** Those who ask meanwhile wait for the same. */
  function reload(): Promise<void> {
    loading ??= load().finally(() => {
      loading = undefined
    })
    return loading
  }

  async function load() {
    loadedAt = clock.now().getTime()
    const known = new Map(loaded.map((entry) => [entry.key.row.id, entry]))
    const opened = await keys.open()
    loaded = await Promise.all(
      opened.map(async (key) => {
        const entry = known.get(key.row.id)
        return entry ? { ...entry, key } : loadKey(key, createJwt)
      }),
    )
  }

  async function findByHeader(header: string) {
    const found = loaded.find((entry) => entry.header === header)
    if (found) return found
    if (!loading && clock.now().getTime() - loadedAt < reloadIntervalMs) return undefined
    await reload()
    return loaded.find((entry) => entry.header === header)
  }

  await reload()

  return {
    /** Looks for keys that another process has made or retired. */
    reload,

    /** Seconds that a token is valid. */
    expiresIn: accessTokenSeconds,

    sign(session: SessionRow): string {
      const now = clock.now()
      const issuedAt = toSeconds(now)
      return signingKeyAt(loaded, now).jwt.sign({
        sub: session.userId,
        sid: session.id,
        jti: newId(),
        iat: issuedAt,
        exp: toSeconds(addSeconds(now, accessTokenSeconds)),
        auth_time: authTimeOf(session),
        token_type: 'access',
      })
    },

    /** The claims of a token that this server has signed and that has not expired. */
    async verify(token: string): Promise<AccessClaims | undefined> {
      const entry = await findByHeader(token.slice(0, token.indexOf('.')))
      const now = clock.now()
      if (!entry || hasEnded(entry, now)) return undefined
      const claims = entry.verified.get(token) ?? verifySignature(entry, token)
      return claims && isCurrent(claims, toSeconds(now)) ? claims : undefined
    },
  }
}

async function loadKey(key: SigningKey, createJwt: CreateJwt): Promise<LoadedKey> {
  const { privateKey, publicKey, row } = key
  const jwt = await createJwt({ keyId: row.id, privateKey, publicKey })
  const sample = jwt.sign({
    sub: '',
    sid: '',
    jti: '',
    iat: 0,
    exp: 0,
    auth_time: 0,
    token_type: 'access',
  })
  return { key, jwt, header: sample.slice(0, sample.indexOf('.')), verified: new Map() }
}

function signingKeyAt(loaded: readonly LoadedKey[], now: Date): LoadedKey {
  const instant = toInstant(now)
  const inForce = loaded.filter((entry) => !hasEnded(entry, now))
  // By a clock that was set back none has begun; everybody knows the oldest.
  const entry = inForce.find(({ key }) => key.row.signsFrom <= instant) ?? inForce.at(-1)
  if (!entry) throw new Error('No signing key is in force. Run `rollcall keys rotate --now`.')
  return entry
}

function hasEnded({ key }: LoadedKey, now: Date): boolean {
  return key.row.verifiesUntil !== null && key.row.verifiesUntil <= toInstant(now)
}

function verifySignature({ jwt, verified }: LoadedKey, token: string): AccessClaims | undefined {
  if (!tokenForm.test(token)) return undefined
  try {
    const claims = jwt.verify(token)
    if (!isComplete(claims)) return undefined
    if (verified.size >= maxVerified) verified.clear()
    verified.set(token, claims)
    return claims
  } catch {
    return undefined
  }
}

function isComplete(claims: AccessClaims): boolean {
  const { sub, sid, jti, iat, exp, auth_time: authTime, token_type: type } = claims
  return (
    [sub, sid, jti].every((id) => typeof id === 'string') &&
    [iat, exp, authTime].every((time) => Number.isFinite(time)) &&
    type === 'access'
  )
}

function isCurrent({ iat, exp }: AccessClaims, now: number): boolean {
  return exp > now && iat <= now + leewaySeconds
}

function toSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1_000)
}
