import { type Auth, createAuth, createSignedSend } from './auth.ts'
import type { Resources, TokenPair } from './generated/types.gen.ts'
import { createResources } from './resources.ts'
import { createSession } from './session.ts'
import { memoryStorage, type TokenStorage } from './storage.ts'
import { createTransport } from './transport.ts'

export interface ClientOptions {
  /** Where the server is, such as `https://accounts.example.com`; a path in it is kept. */
  readonly baseUrl: string
  /** Sends the requests; the platform’s own `fetch` unless given. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  /**
   * Where the refresh token is kept: by the client (`bearer`), or by the browser in a cookie that
   * no script can read (`cookie`), with the access token in memory alone. `bearer` unless given.
   */
  readonly mode?: 'bearer' | 'cookie'
  /** Where the tokens are kept in the mode `bearer`; in memory unless given. */
  readonly storage?: TokenStorage
  /** How long each request may take, in milliseconds; 30,000 unless given, `Infinity` for ever. */
  readonly timeoutMs?: number
  /** The clock, in milliseconds since 1970; `Date.now` unless given. For tests. */
  readonly now?: () => number
}

/** Everything the API offers: `client.users.list()` is the operation `users.list`. */
export interface Client extends Resources {
  /** Signing in and out. */
  readonly auth: Auth
}

/** Makes a client of one server, for one person at a time. Nothing is sent yet. */
export function createClient(options: ClientOptions): Client {
  const { storage = memoryStorage(), timeoutMs = 30_000, now = Date.now } = options
  const hasCookie = options.mode === 'cookie'
  if (hasCookie && options.storage) throw new TypeError('The mode `cookie` takes no `storage`.')
  const fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const send = createTransport({ baseUrl, fetch, timeoutMs, hasCookie })
  // A lost answer must be asked for again within the 10 seconds that the server repeats it.
  const renewalTimeoutMs = Math.min(timeoutMs, 8_000)
  const sendRenewal = createTransport({ baseUrl, fetch, timeoutMs: renewalTimeoutMs, hasCookie })
  const session = createSession({
    storage,
    key: `rollcall:${baseUrl}`,
    now,
    hasCookie,
    refresh: async (refresh) =>
      (await sendRenewal('token.refresh', { body: refresh ? { refresh } : {} })).data as TokenPair,
  })
  const signedSend = createSignedSend(send, session)
  const auth = createAuth({ send, signedSend, session, hasCookie })
  return { ...createResources(signedSend), auth }
}
