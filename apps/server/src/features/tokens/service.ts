import type { Credentials, SignOut, TokenPair } from '@rollcall/contract'
import { canonical } from '../../canonical.ts'
import type { Store } from '../../db/store.ts'
import type { SessionRow } from '../../db/tables.ts'
import { invalidFields, ProblemError } from '../../problem.ts'
import type { Origin } from '../audit/origin.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { Principal } from '../sessions/principal.ts'
import type { SessionsService } from '../sessions/service.ts'
import type { UsersService } from '../users/service.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { RefreshTokens } from './refresh-tokens.ts'

/** Told when a spent refresh token comes back: somebody else may hold a copy. */
export type OnReuse = (session: SessionRow) => void

export type TokensService = ReturnType<typeof createTokensService>

/** Signs people in and out, and renews and checks their tokens. */
export function createTokensService(dependencies: {
  store: Store
  users: UsersService
  sessions: SessionsService
  passwords: Passwords
  accessTokens: AccessTokens
  refreshTokens: RefreshTokens
  onReuse: OnReuse
}) {
  const { store, users, sessions, passwords, accessTokens, refreshTokens, onReuse } = dependencies

  function pairOf(session: SessionRow): TokenPair {
    return {
      access: accessTokens.sign(session),
      refresh: refreshTokens.encode({ sessionId: session.id, generation: session.generation }),
      token_type: 'Bearer',
      expires_in: accessTokens.expiresIn,
    }
  }

  return {
    /** Unknown, wrong and inactive take the same time and are refused alike (ASVS 6.3.8). */
    async signIn(credentials: Credentials, origin: Origin): Promise<TokenPair> {
      const row = await users.findByLogin(canonical(credentials.username))
      const isRight = await passwords.verify(row?.passwordHash, credentials.password)
      if (!row || !isRight || !row.isActive) throw noActiveAccount()
      const isWeaker = passwords.isWeaker(row.passwordHash)
      const newHash = isWeaker ? await passwords.hash(credentials.password) : undefined
      const session = await store.write(async (tx) => {
        if (!(await users.recordSignIn(tx, row, newHash))) throw noActiveAccount()
        return sessions.open(tx, row, origin)
      })
      return pairOf(session)
    },

    async refresh(token: string): Promise<TokenPair> {
      const claims = refreshTokens.decode(token)
      if (!claims) throw refreshNotValid()
      const outcome = await sessions.rotate(claims.sessionId, claims.generation)
      if (outcome.kind === 'reused') onReuse(outcome.session)
      if (outcome.kind === 'reused' || outcome.kind === 'unknown') throw refreshNotValid()
      return pairOf(outcome.session)
    },

    /** Throws unless the access or refresh token would be accepted now. */
    async verify(token: string): Promise<void> {
      if (!(await isAccepted(token))) {
        throw new ProblemError('token_not_valid', {
          detail: 'The token is not valid, or has expired or been spent.',
        })
      }
    },

    /** Ends the caller's session, the others, or all; a refresh token must be the caller's own. */
    async signOut(principal: Principal, { refresh, scope }: SignOut): Promise<void> {
      const claims = refreshTokens.decode(refresh ?? '')
      if (!claims) throw invalidFields(notARefreshToken)
      const { user, session } = principal
      const owner = await sessions.findOwner(claims.sessionId)
      if (owner !== undefined && owner !== user.id) {
        throw new ProblemError('permission_denied', {
          detail: 'This refresh token belongs to another account.',
        })
      }
      if (scope === 'all') await sessions.endEveryOf(user.id)
      else if (scope === 'others') await sessions.endEveryOf(user.id, session.id)
      else await sessions.end(session.id, claims.sessionId)
    },
  }

  async function isAccepted(token: string): Promise<boolean> {
    const refresh = refreshTokens.decode(token)
    if (refresh) {
      const { sessionId, generation } = refresh
      return (await sessions.findExchangeable(sessionId, generation)) !== undefined
    }
    const access = await accessTokens.verify(token)
    return access !== undefined && sessions.isLive(access.sid)
  }
}

function noActiveAccount() {
  return new ProblemError('no_active_account', {
    detail: 'No active account was found with these credentials.',
  })
}

function refreshNotValid() {
  return new ProblemError('token_not_valid', {
    detail: 'The refresh token is not valid, or has expired or been spent. Sign in again.',
  })
}

const notARefreshToken = {
  field: 'refresh',
  code: 'invalid',
  detail: 'This is no refresh token of this server.',
} as const
