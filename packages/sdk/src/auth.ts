import {
  type AuthChange,
  type AuthListener,
  type AuthMessage,
  type AuthState,
  createAuthState,
  type Me,
} from './auth-state.ts'
import { type CallOptions, type SafePromise, toSafe } from './call.ts'
import { isApiError } from './errors.ts'
import { logout, token } from './generated/parts.gen.ts'
import type { Credentials, ProblemCodes, Reauthentication } from './generated/types.gen.ts'
import type { ClientOptions } from './options.ts'
import { isRefusal } from './pause.ts'
import { createResources, type Table } from './resources.ts'
import { createRetries, type Send } from './retry.ts'
import { createSession } from './session.ts'
import { createSignedSend, withRenewal, withToken } from './signed-send.ts'
import { memoryStorage } from './storage.ts'
import type { Attempt } from './transport.ts'

/** Signing in and out. The client keeps, sends and renews the tokens by itself. */
export interface Auth {
  /**
   * Signs in, until `signOut` or until the server ends the session.
   *
   * @throws {ApiError} as `token.create` does: `no_active_account` for a wrong name or password.
   */
  signIn(
    credentials: Credentials,
    options?: CallOptions,
  ): SafePromise<void, ProblemCodes['token.create']>
  /**
   * Signs out: forgets the tokens at once, then has the server refuse them. If it rejects, the
   * server could not be told; the tokens are forgotten all the same.
   */
  signOut(options?: CallOptions): SafePromise<void, ProblemCodes['logout']>
  /**
   * Proves again who is signed in, which sensitive changes demand of the last five minutes, and
   * keeps the access token that says so.
   *
   * @throws {ApiError} as `token.reauthenticate` does: `validation_failed` with
   * `password_incorrect` for a wrong password.
   */
  reauthenticate(
    proof: Reauthentication,
    options?: CallOptions,
  ): SafePromise<void, ProblemCodes['token.reauthenticate']>
  /**
   * Whether somebody is signed in here. The server is not asked, and may know better; but in
   * cookie mode it is asked the first time, since no script sees the cookie.
   */
  isSignedIn(): Promise<boolean>
  /**
   * Asks who is signed in, and keeps `state().user` up to date from then on: it is asked again
   * when somebody signs in or when another tab changes the account. `null` when nobody is.
   */
  loadUser(options?: CallOptions): SafePromise<Me | null, ProblemCodes['users.me']>
  /** Who is signed in, as far as is known without asking; the same object until that changes. */
  state(): AuthState
  /**
   * Tells the listener of all that happens to the session and the account, here and in other
   * tabs, until the function that it answers is called. The listener may call the client.
   */
  onChange(listener: AuthListener): () => void
}

/** Makes `auth` of how a client is set up and sends. */
export type AuthPart = (
  options: ClientOptions,
  attempt: Attempt,
  send: Send,
) => {
  readonly auth: Auth
  /** Sends with the access token of the session what needs one, and the rest as it is. */
  readonly send: Send
}

/** The part of a client that signs in and out. */
export const auth: AuthPart = (options, attempt, send) => {
  const { baseUrl, now = Date.now, logger } = options
  const hasCookie = options.mode === 'cookie'
  // Beside a cookie that no script can read nothing is kept where scripts can (ASVS 14.3.3).
  const shared = hasCookie ? undefined : options.storage
  const isShared = hasCookie || (shared && shared.isShared !== false)
  const key = `rollcall:${baseUrl.replace(/\/+$/, '')}`
  const hear = (message: AuthMessage) => {
    const heeded =
      message === 'user_updated' ? state.get().user && loadUser() : session.hear(message)
    heeded?.catch(() => {})
  }
  const state = createAuthState(isShared ? key : undefined, hear, logger ?? console)
  // A lost answer must be asked for again within the 10 seconds that the server repeats it.
  const renew = createRetries(attempt, {
    ...options,
    timeoutMs: 5_000,
    deadlineMs: 9_500,
    retries: 2,
  })
  const session = createSession({
    storage: shared ?? memoryStorage(),
    key,
    now,
    hasCookie,
    isShared,
    state,
    refresh: (refresh) => renewing.token.refresh(refresh ? { refresh } : {}),
  })
  const signedSend = createSignedSend(send, session, state, options.deadlineMs)
  const rows = { token, logout, users: users as Table['users'] }
  const renewing = createResources(rows, renew)
  const plain = createResources(rows, send)
  const signed = createResources(rows, signedSend)

  /** Whoever needs the account meets the same failure. */
  const reload = ({ type }: AuthChange) => {
    if (type === 'signed_in') loadUser().catch(() => {})
  }

  async function loadUser(options?: CallOptions): Promise<Me | null> {
    // However often: a listener is told once.
    state.listen(reload)
    if (!(await session.read())) return null
    return signed.users.me(options).catch((error) => {
      if (isApiError(error) && error.status === 401) return null
      throw error
    })
  }

  async function signOut(options?: CallOptions) {
    try {
      const tokens = await session.close()
      if (!tokens) return
      await withRenewal(tokens, session.exchange, ({ access, refresh }) =>
        plain.logout(refresh ? { refresh } : {}, withToken(access, options)),
      )
    } catch (error) {
      // What the server refuses is over already.
      if (!isRefusal(error)) throw error
    }
  }

  const auth: Auth = {
    signIn: (credentials, options) =>
      toSafe(
        session.open(() =>
          plain.token.create(
            { ...credentials, ...(hasCookie && { transport: 'cookie' }) },
            options,
          ),
        ),
      ),

    signOut: (options) => toSafe(signOut(options)),

    reauthenticate: (proof, options) =>
      toSafe(signed.token.reauthenticate(proof, options).then(() => {})),

    isSignedIn: async () => (await session.read()) !== null,

    loadUser: (options) => toSafe(loadUser(options)),

    state: state.get,

    onChange(listener) {
      const stop = state.listen(listener)
      // A storage is read for the sake of the listener; a cookie is not tried.
      if (!hasCookie) session.read().catch(() => {})
      return stop
    },
  }
  return { auth, send: signedSend }
}

/** Of all its operations one alone; a test holds it to the table. */
export const users = { me: 'GET /api/users/me/' }
