import type { AccessClaims } from './claims.ts'

/** An access token taken apart; that it is genuine is still to be proven. */
export interface ParsedToken {
  readonly keyId: string
  readonly claims: AccessClaims
  readonly signed: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
}

/**
 * Three parts in base64url. 64 bytes leave four bits of the last character unused; that they are
 * zero makes each token's spelling the only one.
 */
const form = /^([\w-]+)\.([\w-]+)\.([\w-]{85}[AQgw])$/

/** Takes apart what looks like an access token: one algorithm, one type (RFC 8725, 3.1, 3.11). */
export function parseToken(token: string): ParsedToken | undefined {
  const [, head, body, signature] = form.exec(token) ?? []
  if (!head || !body || !signature) return undefined
  const header = parsePart(head)
  const claims = parsePart(body)
  if (header?.alg !== 'EdDSA' || header.typ !== 'at+jwt' || 'crit' in header) return undefined
  if (typeof header.kid !== 'string' || !isComplete(claims)) return undefined
  const signed = new TextEncoder().encode(`${head}.${body}`)
  return { keyId: header.kid, claims, signed, signature: bytesOf(signature) }
}

/** The platforms’ types of it differ. */
export type VerifyKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

export function verifySignature(token: ParsedToken, key: VerifyKey): Promise<boolean> {
  return crypto.subtle.verify('Ed25519', key, token.signature, token.signed)
}

function parsePart(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytesOf(part)))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function bytesOf(part: string): Uint8Array<ArrayBuffer> {
  const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

function isComplete(claims: object | undefined): claims is AccessClaims {
  const { sub, sid, jti, iss, aud, iat, exp, auth_time, token_type } = {
    ...(claims as Partial<AccessClaims> & { token_type?: unknown }),
  }
  return (
    token_type === 'access' &&
    [sub, sid, jti, iss, aud].every((text) => typeof text === 'string') &&
    [iat, exp, auth_time].every((time) => Number.isFinite(time))
  )
}
