import { isApiError, NetworkError } from './errors.ts'
import type { AccessToken, TokenPair } from './generated/types.gen.ts'
import type { TokenStorage } from './storage.ts'

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

export interface Session {
  /** The tokens as they are kept; `null` when nobody is signed in. A cookie is tried once. */
  read(): Promise<Tokens | null>
  /** Keeps the tokens that the sign-in answers. */
  open(signIn: () => Promise<TokenPair>): Promise<void>
  /** Keeps a new access token of the session that it was asked for with. */
  adopt(asked: Tokens, token: AccessToken): Promise<void>
  /** The tokens to send, renewed if they are about to expire. */
  current(): Promise<Tokens | null>
  /** The successors of these tokens; `null` when their session is over. */
  renew(spent: Tokens): Promise<Tokens | null>
  /** Forgets the tokens and hands them over, fit to be sent, so that the server can be told. */
  close(): Promise<Tokens | null>
  /** The successors of tokens that may no longer be kept; `null` when their session is over. */
  exchange(spent: Tokens): Promise<Tokens | null>
}

export interface SessionOptions {
  readonly storage: TokenStorage
  readonly key: string
  readonly now: () => number
  /** Exchanges the refresh token, or the cookie where there is none. */
  readonly refresh: (refreshToken: string | null) => Promise<TokenPair>
  /** Whether the refresh token is in a cookie, which may hold a session from the start. */
  readonly hasCookie: boolean
}

/**
 * Keeps the tokens in the storage and nowhere else, and reads them anew before each use: what
 * another tab has renewed, or signed out of, is seen here too.
 */
export function createSession({ storage, key, now, refresh, hasCookie }: SessionOptions): Session {
  const exchanges = new Map<string, Promise<Tokens | null>>()
  const inTurn = createQueue()
  let isCookieUntried = hasCookie
  let restoring: Promise<Tokens | null> | undefined

  async function read() {
    const kept = await inTurn(load)
    if (kept || !isCookieUntried) return kept
    restoring ??= restore().finally(() => {
      restoring = undefined
    })
    return restoring
  }

  /** Goes on with the session of the cookie, unless somebody signs in or out meanwhile. */
  async function restore() {
    const restored = await refreshOrRepeat(null).catch(nullIfRefused)
    return inTurn(async () => {
      if (!isCookieUntried) return null
      const tokens = restored && timed(restored, now())
      await save(tokens)
      return tokens
    })
  }

  async function open(signIn: () => Promise<TokenPair>) {
    // The cookie of a renewal under way would take the place of the new one.
    if (hasCookie) await Promise.allSettled([restoring, ...exchanges.values()])
    const pair = await signIn()
    await inTurn(() => save(timed(pair, now())))
  }

  function adopt(asked: Tokens, token: AccessToken) {
    return inTurn(async () => {
      const kept = ofSameSession(await load(), asked)
      if (kept) await save({ ...kept, ...timedAccess(token, now()) })
    })
  }

  async function current() {
    const tokens = await read()
    if (!tokens || now() < tokens.renewAt) return tokens
    try {
      return await renew(tokens)
    } catch (error) {
      if (now() < tokens.expiresAt) return tokens
      throw error
    }
  }

  async function renew(spent: Tokens) {
    const kept = await read()
    if (kept?.access !== spent.access) return ofSameSession(kept, spent)
    await exchange(spent).catch(nullIfRefused)
    return ofSameSession(await read(), spent)
  }

  async function close() {
    try {
      if (isCookieUntried) await read()
    } finally {
      isCookieUntried = false
    }
    const tokens = await inTurn(async () => {
      const kept = await load()
      await save(null)
      return kept
    })
    return !tokens || now() < tokens.renewAt ? tokens : exchange(tokens)
  }

  /** Asks the server once, however many wait for the answer. */
  function exchange(spent: Tokens) {
    const begun = exchanges.get(spent.access)
    if (begun) return begun
    const exchange = exchangeOnce(spent).finally(() => exchanges.delete(spent.access))
    exchanges.set(spent.access, exchange)
    return exchange
  }

  async function exchangeOnce(spent: Tokens) {
    try {
      const pair = await refreshOrRepeat(spent.refresh)
      // Another tab may have signed somebody else in: the cookie is theirs then.
      const isSame = sessionIdOf(pair.access) === sessionIdOf(spent.access)
      const next = timed(pair, now(), isSame ? spent.signedInAt : now())
      await replace(spent, next)
      return ofSameSession(next, spent)
    } catch (error) {
      if (isRefusal(error)) await replace(spent, null)
      throw error
    }
  }

  /** The answer may be what was lost: asked again at once, the server repeats it. */
  async function refreshOrRepeat(refreshToken: string | null) {
    try {
      return await refresh(refreshToken)
    } catch (error) {
      if (error instanceof NetworkError) return refresh(refreshToken)
      throw error
    }
  }

  /** Does nothing if the tokens have changed meanwhile: a sign-out in between wins. */
  function replace(spent: Tokens, next: Tokens | null) {
    return inTurn(async () => {
      const kept = ofSameSession(await load(), spent)
      if (kept?.refresh !== spent.refresh) return
      const hasNewAccess = next && kept.access !== spent.access
      await save(hasNewAccess ? { ...kept, refresh: next.refresh } : next)
    })
  }

  async function load(): Promise<Tokens | null> {
    const text = await storage.getItem(key)
    return text ? parseTokens(text) : null
  }

  async function save(tokens: Tokens | null) {
    isCookieUntried = false
    await (tokens ? storage.setItem(key, JSON.stringify(tokens)) : storage.removeItem(key))
  }

  return { read, open, adopt, current, renew, close, exchange }
}

/** Whether the server has refused the token itself: being busy or out of reach is no refusal. */
export function isRefusal(error: unknown): boolean {
  // A page of a proxy with such a status is no answer of the server.
  return isApiError(error) && error.code !== 'unknown' && [400, 401, 403].includes(error.status)
}

function nullIfRefused(error: unknown): null {
  if (isRefusal(error)) return null
  throw error
}

function timed(pair: TokenPair, receivedAt: number, signedInAt = receivedAt): Tokens {
  return { ...timedAccess(pair, receivedAt), refresh: pair.refresh, signedInAt }
}

/** Renewed after nine tenths of its life, so that none expires under way. */
function timedAccess({ access, expires_in }: AccessToken, receivedAt: number) {
  const lifeMs = expires_in * 1000
  return { access, renewAt: receivedAt + lifeMs * 0.9, expiresAt: receivedAt + lifeMs }
}

/** Which session an access token is of. */
function sessionIdOf(access: string): unknown {
  const [, payload = ''] = access.split('.')
  try {
    return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))).sid
  } catch {
    return undefined
  }
}

/** A call of one session is never sent with the tokens of the next, which may be another’s. */
function ofSameSession(kept: Tokens | null, spent: Tokens): Tokens | null {
  return kept?.signedInAt === spent.signedInAt ? kept : null
}

function parseTokens(text: string): Tokens | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Runs one work after another; who waits for one goes on before the next begins. */
function createQueue() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work)
    last = result.catch(() => {})
    return result
  }
}
