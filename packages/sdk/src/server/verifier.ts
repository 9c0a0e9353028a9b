import type { Me } from '../auth-state.ts'
import { can } from '../can.ts'
import { createClient } from '../client.ts'
import { ApiError } from '../errors.ts'
import type { Permission } from '../generated/types.gen.ts'
import type { ClientOptions } from '../options.ts'
import type { AccessClaims } from './claims.ts'
import { createKeySet } from './key-set.ts'
import { parseToken, verifySignature } from './token.ts'

/** What a service must know to tell whose a request is. */
export interface VerifierOptions extends Pick<ClientOptions, 'fetch' | 'timeoutMs' | 'now'> {
  /** The public URL of the server, which stands as `iss` in its tokens. */
  readonly issuer: string
  /** The `aud` of its tokens (ROLLCALL_AUDIENCE); the issuer unless given. */
  readonly audience?: string
  /** Where the server is reached from here; the issuer unless given. */
  readonly baseUrl?: string
  /**
   * Ask the server whether the session still lives, each time. Without it a token is accepted
   * until it expires, five minutes at most, also after a sign-out.
   */
  readonly checkSession?: boolean
}

/** Tells whose access token it is. */
export interface Verifier {
  /**
   * The claims of a token of the server.
   *
   * @throws {ApiError} `token_not_valid`, with the status 401.
   */
  verify(token: string): Promise<AccessClaims>
  /**
   * The claims of the token in an `Authorization` header field.
   *
   * @throws {ApiError} `not_authenticated` or `token_not_valid`, with the status 401.
   */
  verifyHeader(authorization: string | null | undefined): Promise<AccessClaims>
  /**
   * The account of the token, asked of the server, if it may do this.
   *
   * @throws {ApiError} `permission_denied`, with the status 403; and what `verifyHeader` throws.
   */
  requirePermission(authorization: string | null | undefined, permission: Permission): Promise<Me>
}

/** Makes a verifier. The keys of the server are fetched when they are first needed. */
export function createVerifier(options: VerifierOptions): Verifier {
  const { issuer, audience = issuer, baseUrl = issuer, now = Date.now, checkSession } = options
  const client = createClient({ ...options, baseUrl })
  const keys = createKeySet({ fetchKeys: async () => (await client.jwks()).keys, now })

  async function verifyOffline(token: string): Promise<AccessClaims> {
    const parsed = parseToken(token)
    const key = parsed && (await keys.find(parsed.keyId))
    const isOurs = key && (await verifySignature(parsed, key))
    const claims = isOurs ? parsed.claims : undefined
    if (!claims || !isCurrent(claims, now()) || claims.iss !== issuer || claims.aud !== audience) {
      throw refusal(401, 'token_not_valid', 'The access token is not valid or has expired.')
    }
    return claims
  }

  /** The server looks the session up. */
  function userOf(token: string): Promise<Me> {
    return client.users.me({ headers: { authorization: `Bearer ${token}` } })
  }

  async function verify(token: string): Promise<AccessClaims> {
    const claims = await verifyOffline(token)
    if (checkSession) await userOf(token)
    return claims
  }

  return {
    verify,

    verifyHeader: async (authorization) => verify(tokenOf(authorization)),

    async requirePermission(authorization, permission) {
      const token = tokenOf(authorization)
      await verifyOffline(token)
      const user = await userOf(token)
      if (can(user, permission)) return user
      throw refusal(403, 'permission_denied', `This needs the permission ${permission}.`)
    },
  }
}

/** A token from the future shows a wrong clock; so much is forgiven, as the server does. */
const leewaySeconds = 60

function isCurrent({ exp, iat }: AccessClaims, now: number): boolean {
  return exp * 1_000 > now && iat * 1_000 <= now + leewaySeconds * 1_000
}

/** RFC 6750: `Authorization: Bearer <token>`, the scheme in any case. */
function tokenOf(authorization: string | null | undefined): string {
  const [, token] = /^bearer +([\w\-.~+/=]+)$/i.exec(authorization ?? '') ?? []
  if (token) return token
  throw refusal(401, 'not_authenticated', 'Send an access token: `Authorization: Bearer <token>`.')
}

function refusal(
  status: number,
  code: 'not_authenticated' | 'token_not_valid' | 'permission_denied',
  detail: string,
): ApiError {
  const unsaid = { requestId: undefined, retryAfter: undefined, fields: [] }
  return new ApiError('token.verify', { status, code, detail, ...unsaid })
}
