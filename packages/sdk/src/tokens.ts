import type { TokenPair } from './generated/types.gen.ts'

/** The tokens of a session. Instants are milliseconds since 1970 by the local clock. */
export interface Tokens {
  readonly access: string
  /** `null` where the browser keeps it, in a cookie that no script can read. */
  readonly refresh: string | null
  readonly renewAt: number
  readonly expiresAt: number
  /** Tells one sign-in from the next: it stays when the tokens are renewed. */
  readonly signedInAt: number
}

/** Renewed after nine tenths of its life, so that none expires under way. */
export function timed(pair: TokenPair, receivedAt: number, signedInAt = receivedAt): Tokens {
  // No token is so short-lived that each call would have to renew it.
  const lifeMs = Math.max(pair.expires_in, 1) * 1_000
  return {
    access: pair.access,
    refresh: pair.refresh,
    renewAt: receivedAt + lifeMs * 0.9,
    expiresAt: receivedAt + lifeMs,
    signedInAt,
  }
}

/** Which session an access token is of. */
export function sessionIdOf(access = ''): string | undefined {
  const [, payload = ''] = access.split('.')
  try {
    return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))).sid
  } catch {
    return undefined
  }
}

/** A call of one session is never sent with the tokens of the next, which may be another’s. */
export function ofSameSession(kept: Tokens | null, spent: Tokens | null): Tokens | null {
  return kept?.signedInAt === spent?.signedInAt ? kept : null
}

export function parseTokens(text: string | null): Tokens | null {
  try {
    const tokens = JSON.parse(text ?? '')
    return typeof tokens.access === 'string' ? tokens : null
  } catch {
    return null
  }
}
