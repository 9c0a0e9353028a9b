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

/** The platforms’ types of it differ. */
type Channel = InstanceType<typeof BroadcastChannel>

export type AuthStateKeeper = ReturnType<typeof createAuthState>

export interface AuthStateOptions {
  /** The channel to other tabs; there is none where nothing is shared with them. */
  readonly channelName: string | undefined
  readonly onMessage: (message: AuthMessage) => void
  readonly logger: Logger | undefined
}

/** Derives what has happened from what is kept: nobody who changes it need know who listens. */
export function createAuthState({ channelName, onMessage, logger }: AuthStateOptions) {
  const listeners = new Map<AuthListener, { isInitiated: boolean }>()
  let channel: Channel | undefined
  let state: AuthState = { status: 'unknown', user: undefined }
  let seen: Tokens | null = null

  function tell(type: AuthChangeType, next: Partial<AuthState> = {}, isOurs = false) {
    state = { ...state, ...next }
    const change = { type, state }
    for (const [listener, its] of listeners) {
      if ((type === 'initial') === its.isInitiated) continue
      its.isInitiated = true
      queueMicrotask(() => notify(listener, change))
    }
    if (isOurs) withChannel((channel) => channel.postMessage(type))
  }

  function notify(listener: AuthListener, change: AuthChange) {
    if (!listeners.has(listener)) return
    try {
      listener(change)
    } catch (error) {
      // One listener that fails is no concern of the others.
      ;(logger ?? console).warn(`A listener of auth.onChange failed at ${change.type}:`, error)
    }
  }

  /** One that is not listening is closed again, so that nothing keeps the process alive. */
  function withChannel(use: (channel: Channel) => void) {
    if (!channelName || typeof BroadcastChannel === 'undefined') return
    const used = channel ?? new BroadcastChannel(channelName)
    use(used)
    if (used !== channel) used.close()
  }

  return {
    get: () => state,

    /** Tells the listener of all that happens, until the function that it answers is called. */
    listen(listener: AuthListener) {
      const own: AuthListener = (change) => listener(change)
      listeners.set(own, { isInitiated: false })
      withChannel((opened) => {
        channel = opened
        channel.onmessage = (event: { data: AuthMessage }) => onMessage(event.data)
        // In Node it would keep the process alive.
        if ('unref' in channel) (channel as unknown as { unref(): void }).unref()
      })
      if (state.status !== 'unknown') tell('initial')
      return () => {
        listeners.delete(own)
        if (listeners.size > 0) return
        channel?.close()
        channel = undefined
      }
    },

    /** Notes the tokens as they are now; the cause is given by who has changed them. */
    see(tokens: Tokens | null, cause?: AuthMessage | null, isFromAfar = false) {
      const { status } = state
      const before = seen
      const next = { status: tokens ? 'signed_in' : 'signed_out', user: undefined } as const
      const isOurs = !!cause && !isFromAfar
      seen = tokens
      if (status === 'unknown') tell('initial', next)
      if (!tokens) {
        if (status === 'signed_in') tell(cause ?? 'signed_out', next, isOurs)
      } else if (
        (isOurs && cause === 'signed_in') ||
        status === 'signed_out' ||
        (before && before.signedInAt !== tokens.signedInAt)
      ) {
        tell('signed_in', next, isOurs)
      } else if (before && before.access !== tokens.access) {
        tell('refreshed', {}, isOurs)
      }
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
