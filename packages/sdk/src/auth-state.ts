import type { UsersResource } from './generated/types.gen.ts'
import type { Logger } from './options.ts'
import type { Tokens } from './tokens.ts'

/** The own account, as `client.users.me()` answers it. */
export type Me = Awaited<ReturnType<UsersResource['me']>>

/** Who is signed in, as far as this client knows without asking anybody. */
export interface AuthState {
  /** `unknown` until the storage has been read, or in cookie mode until the cookie was tried. */
  readonly status: 'unknown' | 'signed_in' | 'signed_out'
  /** The own account as it was last seen; see `auth.loadUser`. */
  readonly user: Me | undefined
}

/**
 * What has happened:
 * - `initial`: it is known whether somebody is signed in; what every listener hears first
 * - `signed_in`, `signed_out`: somebody has, here or in another tab
 * - `refreshed`: the tokens were renewed
 * - `user_updated`: the own account was seen for the first time, or has changed
 * - `expired`: the server has ended the session
 */
export type AuthChangeType =
  | 'initial'
  | 'signed_in'
  | 'refreshed'
  | 'user_updated'
  | 'signed_out'
  | 'expired'

/** What has happened, and how it is since. */
export interface AuthChange {
  readonly type: AuthChangeType
  readonly state: AuthState
}

export type AuthListener = (change: AuthChange) => void

/** What other tabs are told; never a token, and nothing of the account. */
export type AuthMessage = Exclude<AuthChangeType, 'initial'>

export type AuthStateKeeper = ReturnType<typeof createAuthState>

/**
 * Derives what has happened from what is kept: nobody who changes it need know who listens. The
 * channel leads to other tabs; there is none where nothing is shared with them.
 */
export function createAuthState(
  channelName: string | undefined,
  hear: (message: AuthMessage) => void,
  logger: Pick<Logger, 'warn'>,
) {
  const listeners = new Set<AuthListener>()
  const Channel = channelName ? globalThis.BroadcastChannel : undefined
  let channel: InstanceType<typeof BroadcastChannel> | undefined
  let state: AuthState = { status: 'unknown', user: undefined }
  let seen: Tokens | null = null
  let becomeKnown = () => {}
  const known = new Promise<void>((resolve) => {
    becomeKnown = resolve
  })

  function tell(type: AuthChangeType, next?: Partial<AuthState>, isOurs?: boolean) {
    state = { ...state, ...next }
    for (const listener of listeners) void notify(listener, { type, state })
    if (isOurs && Channel) post(Channel, type)
  }

  /** In a microtask of its own, so that a listener may call the client and may fail. */
  async function notify(listener: AuthListener, change?: AuthChange) {
    await known
    try {
      if (listeners.has(listener)) listener(change ?? { type: 'initial', state })
    } catch (error) {
      logger.warn('auth.onChange:', error)
    }
  }

  /** A channel that nobody listens to is closed again: it would keep the process alive. */
  function post(Channel: typeof BroadcastChannel, type: AuthChangeType) {
    const used = channel ?? new Channel(`${channelName}`)
    used.postMessage(type)
    if (!channel) used.close()
  }

  return {
    get: () => state,

    /** Tells the listener of all that happens, until the function that it answers is called. */
    listen(listener: AuthListener) {
      listeners.add(listener)
      void notify(listener)
      if (Channel && !channel) {
        channel = new Channel(`${channelName}`)
        channel.onmessage = (event: { data: AuthMessage }) => hear(event.data)
        // Only Node has it, and would go on for the sake of the channel.
        ;(channel as { unref?: () => void }).unref?.()
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size) return
        channel?.close()
        channel = undefined
      }
    },

    /** Notes the tokens as they are now; the cause is given by who has changed them. */
    see(tokens: Tokens | null, cause?: AuthMessage | null, isFromAfar?: boolean) {
      const { status } = state
      const before = seen
      const isOurs = !!cause && !isFromAfar
      seen = tokens
      const type = tokens
        ? (isOurs && cause === 'signed_in') ||
          status === 'signed_out' ||
          (before && before.signedInAt !== tokens.signedInAt)
          ? 'signed_in'
          : before && before.access !== tokens.access && 'refreshed'
        : status === 'signed_in' && (cause ?? 'signed_out')
      const next = { status: tokens ? 'signed_in' : 'signed_out', user: undefined } as const
      if (status === 'unknown') state = next
      becomeKnown()
      if (type) tell(type, type === 'refreshed' ? undefined : next, isOurs)
    },

    /** Notes the own account, unless the session that it was asked for with is over. */
    seeUser(user: Partial<Me>, tokens: Tokens, isChanged: boolean) {
      if (seen?.signedInAt !== tokens.signedInAt) return
      const next = { ...state.user, ...user } as Me
      if (JSON.stringify(next) === JSON.stringify(state.user)) return
      tell('user_updated', { user: next }, isChanged)
    },
  }
}
