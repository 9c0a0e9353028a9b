import type { AccessToken, Credentials, SignOut, TokenPair } from '@rollcall/contract'
import { canonical } from '../../canonical.ts'
import type { Queries } from '../../db/store.ts'
import type { SessionRow, UserRow } from '../../db/tables.ts'
import { invalidFields, ProblemError } from '../../problem.ts'
import { type AttemptsService, type Verdict, wrongPassword } from '../attempts/service.ts'
import type { Origin } from '../audit/origin.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { Principal } from '../sessions/principal.ts'
import { requireRecent } from '../sessions/recent.ts'
import type { SessionsService } from '../sessions/service.ts'
import type { UsersService } from '../users/service.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { RefreshTokens } from './refresh-tokens.ts'

/** The tokens of a session, and when it ends if they are not renewed. */
export interface IssuedTokens {
  readonly pair: TokenPair & { readonly refresh: string }
  readonly expiresAt: Date
}

/** Told when a spent refresh token comes back: somebody else may hold a copy. */
export type OnReuse = (session: SessionRow) => void

export type TokensService = ReturnType<typeof createTokensService>

/** Signs people in and out, and renews and checks their tokens. */
export function createTokensService(dependencies: {
  users: UsersService
  sessions: SessionsService
  attempts: AttemptsService
  passwords: Passwords
  accessTokens: AccessTokens
  refreshTokens: RefreshTokens
  onReuse: OnReuse
}) {
  const { users, sessions, attempts, passwords, accessTokens, refreshTokens, onReuse } =
    dependencies

  return {
    /**
     * Unknown, wrong and inactive take the same time and are refused alike (ASVS 6.3.8).
     * The session of a refresh token that is `replaced` ends.
     */
    async signIn(
      credentials: Credentials,
      origin: Origin,
      replaced?: string,
    ): Promise<IssuedTokens> {
      const session = await proveAccount(credentials, origin, replaced)
      if (!session) throw noActiveAccount()
      return issue(session)
    },

    async refresh(token: string, origin: Origin): Promise<IssuedTokens> {
      const claims = refreshTokens.decode(token)
      if (!claims) throw refreshNotValid()
      const outcome = await sessions.rotate(claims.sessionId, claims.generation, origin)
      if (outcome.kind === 'reused') onReuse(outcome.session)
      if (outcome.kind === 'reused' || outcome.kind === 'unknown') throw refreshNotValid()
      return issue(outcome.session)
    },

    /** Throws unless the access or refresh token would be accepted now. */
    async verify(token: string): Promise<void> {
      if (!(await isAccepted(token))) {
        throw new ProblemError('token_not_valid', {
          detail: 'The token is not valid, or has expired or been spent.',
        })
      }
    },

    /** Notes that the caller has just given the password, which sensitive changes demand. */
    async reauthenticate(principal: Principal, password: string): Promise<AccessToken> {
      const { user } = principal
      const session = await attempts.prove(
        { user, name: user.usernameKey, by: principal },
        {
          verify: () => verifyAccount(user, password),
          accept: (tx) => sessions.reauthenticate(tx, principal),
        },
      )
      if (!session) throw invalidFields(incorrectPassword)
      return accessOf(session)
    },

    /** Ends the caller's session, the others, or all; a refresh token must be the caller's own. */
    async signOut(principal: Principal, { refresh, scope }: SignOut): Promise<void> {
      const claims = refreshTokens.decode(refresh ?? '')
      if (!claims) throw invalidFields(notARefreshToken)
      const owner = await sessions.findOwner(claims.sessionId)
      if (owner !== undefined && owner !== principal.user.id) {
        throw new ProblemError('permission_denied', {
          detail: 'This refresh token belongs to another account.',
        })
      }
      if (scope === undefined || scope === 'this') {
        return sessions.endNamed(principal, claims.sessionId)
      }
      requireRecent(principal)
      await sessions.endEvery(principal, scope)
    },
  }

  /** Answers the new session, or nothing for a wrong password. */
  async function proveAccount(
    credentials: Credentials,
    origin: Origin,
    replaced?: string,
  ): Promise<SessionRow | undefined> {
    const name = canonical(credentials.username)
    const user = await users.findByLogin(name)
    try {
      return await attempts.prove(
        { user, name, by: origin },
        {
          verify: () => verifyAccount(user, credentials.password),
          accept: (tx, proof) => openSession(tx, proof, origin, replaced),
        },
      )
    } catch (error) {
      if (error !== accountChanged) throw error
      return proveAccount(credentials, origin, replaced)
    }
  }

  /** A hash is verified whether there is an account or not. */
  async function verifyAccount(
    user: UserRow | undefined,
    password: string,
  ): Promise<Verdict<ProvenAccount>> {
    const isRight = await passwords.verify(user?.passwordHash, password)
    if (!user) return unknownAccount
    if (!isRight) return wrongPassword
    if (!user.isActive) return inactiveAccount
    const isWeaker = passwords.isWeaker(user.passwordHash)
    return { proof: { user, newHash: isWeaker ? await passwords.hash(password) : undefined } }
  }

  async function openSession(
    tx: Queries,
    { user, newHash }: ProvenAccount,
    origin: Origin,
    replaced?: string,
  ) {
    if (!(await users.recordSignIn(tx, user, newHash))) throw accountChanged
    const previous = refreshTokens.decode(replaced ?? '')
    if (previous) await sessions.endReplaced(tx, previous.sessionId, origin)
    return sessions.open(tx, user, origin)
  }

  function issue(session: SessionRow): IssuedTokens {
    const refresh = refreshTokens.encode({
      sessionId: session.id,
      generation: session.generation,
    })
    return { pair: { ...accessOf(session), refresh }, expiresAt: new Date(session.expiresAt) }
  }

  function accessOf(session: SessionRow): AccessToken {
    return {
      access: accessTokens.sign(session),
      token_type: 'Bearer',
      expires_in: accessTokens.expiresIn,
    }
  }

  async function isAccepted(token: string): Promise<boolean> {
    const refresh = refreshTokens.decode(token)
    if (refresh) {
      const { sessionId, generation } = refresh
      return (await sessions.findExchangeable(sessionId, generation)) !== undefined
    }
    const access = await accessTokens.verify(token)
    return access !== undefined && sessions.isLive(access)
  }
}

/** An account whose password was given, and its hash anew where the old one is too weak. */
interface ProvenAccount {
  readonly user: UserRow
  readonly newHash: string | undefined
}

/** Another sign-in has renewed the hash meanwhile, or somebody the account: it is proven anew. */
const accountChanged = new Error('The account has changed meanwhile')

const unknownAccount = { reason: 'unknown account' } as const

const inactiveAccount = { reason: 'inactive account' } as const

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

const incorrectPassword = {
  field: 'password',
  code: 'password_incorrect',
  detail: 'This is not the password in force.',
} as const

const notARefreshToken = {
  field: 'refresh',
  code: 'invalid',
  detail: 'This is no refresh token of this server.',
} as const
