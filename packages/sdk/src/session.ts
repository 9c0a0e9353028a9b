import { isApiError, NetworkError } from './errors.ts'
import type { TokenPair } from './generated/types.gen.ts'
import type { TokenStorage } from './storage.ts'

/** The tokens of a session. Instants are milliseconds since 1970 by the local clock. */
export interface Tokens {
  readonly access: string
  readonly refresh: string
  readonly renewAt: number
  readonly expiresAt: number
  /** Tells one sign-in from the next: it stays when the tokens are renewed. */
  readonly signedInAt: number
}

export interface Session {
  /** The tokens as they are kept; `null` when nobody is signed in. */
  read(): Promise<Tokens | null>
  /** Keeps the tokens of a sign-in. */
  open(pair: TokenPair): Promise<void>
  /** The tokens to send, renewed if they are about to expire. */
  current(): Promise<Tokens | null>
  /** The successors of these tokens; `null` when their session is over. */
  renew(spent: Tokens): Promise<Tokens | null>
  /** Forgets the tokens and hands them over, fit to be sent, so that the server can be told. */
  close(): Promise<Tokens | null>
  /** The successors of tokens that are no longer kept. */
  exchange(spent: Tokens): Promise<Tokens>
}

export interface SessionOptions {
  readonly storage: TokenStorage
  readonly key: string
  readonly now: () => number
  readonly refresh: (refreshToken: string) => Promise<TokenPair>
}

/**
 * Keeps the tokens in the storage and nowhere else, and reads them anew before each use: what
 * another tab has renewed, or signed out of, is seen here too.
 */
export function createSession({ storage, key, now, refresh }: SessionOptions): Session {
  const exchanges = new Map<string, Promise<Tokens>>()
  const inTurn = createQueue()

  function read() {
    return inTurn(load)
  }

  async function open(pair: TokenPair) {
    await inTurn(() => save(timed(pair, now())))
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
    try {
      await exchange(spent)
    } catch (error) {
      if (!isRefusal(error)) throw error
    }
    return ofSameSession(await read(), spent)
  }

  async function close() {
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
      const next = timed(pair, now(), spent.signedInAt)
      await replace(spent, next)
      return next
    } catch (error) {
      if (isRefusal(error)) await replace(spent, null)
      throw error
    }
  }

  /** The answer may be what was lost: asked again at once, the server repeats it. */
  async function refreshOrRepeat(refreshToken: string) {
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
      const kept = await load()
      if (kept?.access === spent.access) await save(next)
    })
  }

  async function load(): Promise<Tokens | null> {
    const text = await storage.getItem(key)
    return text ? parseTokens(text) : null
  }

  async function save(tokens: Tokens | null) {
    await (tokens ? storage.setItem(key, JSON.stringify(tokens)) : storage.removeItem(key))
  }

  return { read, open, current, renew, close, exchange }
}

/** Whether the server has refused the token itself: being busy or out of reach is no refusal. */
export function isRefusal(error: unknown): boolean {
  // A page of a proxy with such a status is no answer of the server.
  return isApiError(error) && error.code !== 'unknown' && [400, 401, 403].includes(error.status)
}

/** Renewed after nine tenths of their life, so that none expires under way. */
function timed(pair: TokenPair, receivedAt: number, signedInAt = receivedAt): Tokens {
  const lifeMs = pair.expires_in * 1000
  return {
    access: pair.access,
    refresh: pair.refresh,
    renewAt: receivedAt + lifeMs * 0.9,
    expiresAt: receivedAt + lifeMs,
    signedInAt,
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
