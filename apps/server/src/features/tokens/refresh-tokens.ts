import { deriveKey, equalBytes, hmac } from '../../crypto.ts'

/** The session that a refresh token belongs to, and which of its tokens it is. */
export interface RefreshClaims {
  readonly sessionId: string
  readonly generation: number
}

const prefix = 'rcr_'
const claimsLength = 16 + 4
const macLength = 32

export type RefreshTokens = ReturnType<typeof createRefreshTokens>

/**
 * Makes and reads refresh tokens: the session's id, its generation and an HMAC
 * over both. Nothing is stored, so a lost successor can be made again.
 */
export function createRefreshTokens(secret: string) {
  const key = deriveKey(secret, 'refresh-tokens')
  return {
    encode({ sessionId, generation }: RefreshClaims): string {
      const claims = Buffer.alloc(claimsLength)
      claims.write(sessionId.replaceAll('-', ''), 'hex')
      claims.writeUInt32BE(generation, 16)
      return prefix + Buffer.concat([claims, hmac(key, claims)]).toString('base64url')
    },

    /** The claims of a token that this server made, else `undefined`. */
    decode(token: string): RefreshClaims | undefined {
      if (!token.startsWith(prefix)) return undefined
      const bytes = Buffer.from(token.slice(prefix.length), 'base64url')
      if (bytes.length !== claimsLength + macLength) return undefined
      // Other spellings of the same bytes are other tokens.
      if (prefix + bytes.toString('base64url') !== token) return undefined
      const claims = bytes.subarray(0, claimsLength)
      if (!equalBytes(hmac(key, claims), bytes.subarray(claimsLength))) return undefined
      return {
        sessionId: toUuid(claims.toString('hex', 0, 16)),
        generation: claims.readUInt32BE(16),
      }
    },
  }
}

function toUuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
