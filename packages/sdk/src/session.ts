import type { AuthMessage, AuthStateKeeper } from './auth-state.ts'
import type { AccessToken, TokenPair } from './generated/types.gen.ts'
import { withLock } from './locks.ts'
import { createPause, isRefusal } from './pause.ts'
import type { TokenStorage } from './storage.ts'
import { sleep } from './timer.ts'
import { ofSameSession, parseTokens, sessionIdOf, type Tokens, timed } from './tokens.ts'

export interface Session {
  /** The tokens as they are kept; `null` when nobody is signed in. A cookie is tried once. */
  read(heard?: AuthMessage): Promise<Tokens | null>
  /** Keeps the tokens that the sign-in answers. */
  open(signIn: () => Promise<TokenPair>): Promise<void>
  /** Keeps a new access token of the session that it was asked for with. */
  adopt(asked: Tokens, token: AccessToken): Promise<void>
  /** The tokens to send, renewed if they are about to expire. */
  current(): Promise<Tokens | null>
  /** The successors of tokens that were refused; `null` when there are none. */
  renew(spent: Tokens): Promise<Tokens | null>
  /** Notes that the server has accepted the tokens. */
  confirm(): void
  /** Forgets the tokens and hands them over, fit to be sent, so that the server can be told. */
  close(): Promise<Tokens | null>
  /** The successors of tokens that may no longer be kept; `null` when their session is over. */
  exchange(spent: Tokens): Promise<Tokens | null>
  /** Heeds what another tab says that it has done. */
  hear(message: AuthMessage): Promise<void>
}

export interface SessionOptions {
  readonly storage: TokenStorage
  readonly key: string
  readonly now: () => number
  /** Exchanges the refresh token, or the cookie where there is none. */
  readonly refresh: (refreshToken: string | null | undefined) => Promise<TokenPair>
  /** Whether the refresh token is in a cookie, which may hold a session from the start. */
  readonly hasCookie: boolean
  /** Whether other tabs may have the same session. */
  readonly isShared: boolean | undefined
  readonly state: AuthStateKeeper
}

/**
 * Keeps the tokens in the storage and nowhere else, and reads them anew before each use: what
 * another tab has renewed, or signed out of, is seen here too.
 */
export function createSession(options: SessionOptions): Session {
  const { storage, key, now, hasCookie, isShared, state } = options
  const exchanges = new Map<string, Promise<Tokens | null>>()
  const inTurn = createQueue()
  let pause = createPause(now)
  const refresh = (token?: string | null) => pause.guard(() => options.refresh(token))
  let isCookieUntried = hasCookie

  async function read(heard?: AuthMessage) {
    const kept = await inTurn(() => load(heard))
    return kept || !isCookieUntried ? kept : exchange(null)
  }

  async function open(signIn: () => Promise<TokenPair>) {
    // The cookie of a renewal under way, here or in another tab, would take the place of the new.
    if (hasCookie) await Promise.allSettled(exchanges.values())
    const pair = await (hasCookie ? withLock(key, signIn) : signIn())
    pause = createPause(now)
    await inTurn(() => save(timed(pair, now()), 'signed_in'))
  }

  function adopt(asked: Tokens, token: AccessToken) {
    return inTurn(async () => {
      const kept = ofSameSession(await load(), asked)
      if (kept)
        await save(timed({ ...token, refresh: kept.refresh }, now(), kept.signedInAt), 'refreshed')
    })
  }

  async function current() {
    const tokens = await read()
    if (!tokens || now() < tokens.renewAt) return tokens
    return successorOf(tokens).catch((error) => {
      if (now() < tokens.expiresAt) return tokens
      throw error
    })
  }

  async function renew(spent: Tokens) {
    const kept = await read()
    if (kept?.access !== spent.access) return ofSameSession(kept, spent)
    return pause.isFruitless() ? null : successorOf(spent)
  }

  async function successorOf(spent: Tokens) {
    await exchange(spent)
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
      await save(null, 'signed_out')
      return kept
    })
    return !tokens || now() < tokens.renewAt ? tokens : exchange(tokens)
  }

  /** Asks the server once, however many wait for the answer; without tokens, by the cookie. */
  function exchange(spent: Tokens | null) {
    const name = spent?.access ?? ''
    const begun = exchanges.get(name)
    if (begun) return begun
    // Tabs that share a session take turns: the later ones find what the first has got.
    const work = (isNext?: boolean) => exchangeInTurn(spent, isNext)
    const done = () => exchanges.delete(name)
    const exchange = (isShared ? withLock(key, work) : work()).finally(done)
    exchanges.set(name, exchange)
    return exchange
  }

  async function exchangeInTurn(spent: Tokens | null, isNext?: boolean) {
    // What another tab has kept may be seen a little later than that its lock came free.
    for (let left = isNext && !hasCookie ? 10 : 0; left >= 0; left -= 1) {
      const newer = ofSameSession(await inTurn(() => load()), spent)
      if (newer && newer.access !== spent?.access) return newer
      if (left) await sleep(10)
    }
    const pair = await refresh(spent?.refresh).catch(nullIfRefused)
    // Another tab may have signed somebody else in: the cookie is theirs then.
    const isSame = sessionIdOf(pair?.access) === sessionIdOf(spent?.access)
    const next = pair && timed(pair, now(), isSame && spent ? spent.signedInAt : now())
    return inTurn(async () => {
      // A sign-in or sign-out in between wins.
      const kept = ofSameSession(await load(), spent)
      const isKept = spent ? kept?.refresh === spent.refresh : isCookieUntried
      if (isKept) await save(next, spent && (next ? 'refreshed' : 'expired'))
      return spent ? ofSameSession(next, spent) : isKept ? next : null
    })
  }

  async function hear(message: AuthMessage) {
    const end = /^(signed_out|expired)$/.test(message) ? message : undefined
    if (hasCookie && (end || message === 'signed_in')) {
      await inTurn(async () => {
        await storage.removeItem(key)
        isCookieUntried = !end
      })
    }
    await read(end)
  }

  async function load(heard?: AuthMessage | null): Promise<Tokens | null> {
    const tokens = parseTokens(await storage.getItem(key))
    if (!isCookieUntried) state.see(tokens, heard, true)
    return tokens
  }

  async function save(tokens: Tokens | null, cause?: AuthMessage | null) {
    isCookieUntried = false
    await (tokens ? storage.setItem(key, JSON.stringify(tokens)) : storage.removeItem(key))
    state.see(tokens, cause)
  }

  const confirm = () => pause.confirm()
  return { read, open, adopt, current, renew, confirm, close, exchange, hear }
}

function nullIfRefused(error: unknown): null {
  if (isRefusal(error)) return null
  throw error
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
