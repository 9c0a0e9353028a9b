import type { AuthStateKeeper, Me } from './auth-state.ts'
import type { CallOptions } from './call.ts'
import { ApiError, isApiError } from './errors.ts'
import type { AccessToken } from './generated/types.gen.ts'
import type { Send } from './retry.ts'
import type { Session } from './session.ts'
import { ended, startTimer } from './timer.ts'
import type { Tokens } from './tokens.ts'

/** What answers the own account. */
const ownAccount = /^users\.(me|(upd|repl)\w+Me)$/

/** Sends with the access token of the session what needs one, and the rest as it is. */
export function createSignedSend(
  send: Send,
  session: Session,
  state: AuthStateKeeper,
  deadlineMs = 60_000,
): Send {
  return async (operation, input) => {
    const { id } = operation
    const { options } = input
    const own = options?.headers?.authorization ?? options?.headers?.Authorization
    if (operation.has('open') || own) return send(operation, input)
    // A renewal goes on for others when one who waits for it has no more time.
    const { signal, stop } = startTimer(options?.deadlineMs ?? deadlineMs, options?.signal, id)
    try {
      return await Promise.race([sendSigned({ ...options, signal }), ended(signal)])
    } catch (error) {
      // A failed renewal fails the call that needed it, under the name of that call.
      throw isApiError(error) && error.operation !== id ? new ApiError(id, error) : error
    } finally {
      stop(!operation.has('stream'))
    }

    async function sendSigned(options: CallOptions) {
      const tokens = await session.current()
      if (!tokens) return send(operation, { ...input, options })
      return withRenewal(tokens, session.renew, async (tokens) => {
        const signed = { ...input, options: withToken(tokens.access, options) }
        const answer = await send(operation, signed)
        session.confirm()
        if (id === 'token.reauthenticate') await session.adopt(tokens, answer.data as AccessToken)
        if (id === 'users.deleteMe') await session.close()
        if (ownAccount.test(id))
          state.seeUser(answer.data as Me, tokens, operation.method !== 'GET')
        return answer
      })
    }
  }
}

/** The options of a call that is sent with this access token. */
export function withToken(access: string, options?: CallOptions): CallOptions {
  return { ...options, headers: { authorization: `Bearer ${access}`, ...options?.headers } }
}

/** Does the work once more with new tokens if the server refuses those it was done with. */
export async function withRenewal<T>(
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
