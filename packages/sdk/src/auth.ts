import type { CallOptions } from './call.ts'
import { ApiError, isApiError } from './errors.ts'
import { operations } from './generated/operations.gen.ts'
import type {
  AccessToken,
  Credentials,
  Reauthentication,
  TokenPair,
} from './generated/types.gen.ts'
import { isRefusal, type Session, type Tokens } from './session.ts'
import type { Input, Send } from './transport.ts'

/** Signing in and out. The client keeps, sends and renews the tokens by itself. */
export interface Auth {
  /**
   * Signs in, until `signOut` or until the server ends the session.
   *
   * @throws {ApiError} as `token.create` does: `no_active_account` for a wrong name or password.
   */
  signIn(credentials: Credentials, options?: CallOptions): Promise<void>
  /**
   * Signs out: forgets the tokens at once, then has the server refuse them. If it rejects, the
   * server could not be told; the tokens are forgotten all the same.
   */
  signOut(options?: CallOptions): Promise<void>
  /**
   * Proves again who is signed in, which sensitive changes demand of the last five minutes, and
   * keeps the access token that says so.
   *
   * @throws {ApiError} as `token.reauthenticate` does: `validation_failed` with
   * `password_incorrect` for a wrong password.
   */
  reauthenticate(proof: Reauthentication, options?: CallOptions): Promise<void>
  /**
   * Whether somebody is signed in here. The server is not asked, and may know better; but in
   * cookie mode it is asked the first time, since no script sees the cookie.
   */
  isSignedIn(): Promise<boolean>
}

export function createAuth(dependencies: {
  send: Send
  signedSend: Send
  session: Session
  hasCookie: boolean
}): Auth {
  const { send, signedSend, session, hasCookie } = dependencies
  return {
    async signIn(credentials, options) {
      const body = hasCookie ? { ...credentials, transport: 'cookie' } : credentials
      await session.open(async () => {
        const { data } = await send('token.create', { body, options })
        return data as TokenPair
      })
    },

    async signOut(options) {
      try {
        const tokens = await session.close()
        if (!tokens) return
        await withRenewal(tokens, session.exchange, ({ access, refresh }) =>
          send('logout', { body: refresh ? { refresh } : {}, options, accessToken: access }),
        )
      } catch (error) {
        // What the server refuses is over already.
        if (!isRefusal(error)) throw error
      }
    },

    async reauthenticate(body, options) {
      await signedSend('token.reauthenticate', { body, options })
    },

    async isSignedIn() {
      return (await session.read()) !== null
    },
  }
}

/** Sends with the access token of the session what needs one, and the rest as it is. */
export function createSignedSend(send: Send, session: Session): Send {
  return async (id, input) => {
    if (!operations[id].needsToken || bringsOwnToken(input)) return send(id, input)
    try {
      const tokens = await session.current()
      if (!tokens) return await send(id, input)
      return await withRenewal(tokens, session.renew, async (tokens) => {
        const answer = await send(id, { ...input, accessToken: tokens.access })
        if (id === 'token.reauthenticate') await session.adopt(tokens, answer.data as AccessToken)
        return answer
      })
    } catch (error) {
      // A failed renewal fails the call that needed it, under the name of that call.
      throw isApiError(error) && error.operation !== id ? new ApiError(id, error) : error
    }
  }
}

function bringsOwnToken({ options }: Input): boolean {
  return new Headers(options?.headers).has('authorization')
}

/** Does the work once more with new tokens if the server refuses those it was done with. */
async function withRenewal<T>(
  tokens: Tokens,
  renew: (spent: Tokens) => Promise<Tokens | null>,
  work: (tokens: Tokens) => Promise<T>,
): Promise<T> {
  try {
    return await work(tokens)
  } catch (error) {
    if (!isApiError(error, 'token_not_valid')) throw error
    const renewed = await renew(tokens)
    if (!renewed) throw error
    return work(renewed)
  }
}
