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
  /** Where the tokens are kept; in memory unless given. */
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
  const fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const send = createTransport({ baseUrl, fetch, timeoutMs })
  // A lost answer must be asked for again within the 10 seconds that the server repeats it.
  const sendRenewal = createTransport({ baseUrl, fetch, timeoutMs: Math.min(timeoutMs, 8_000) })
  const session = createSession({
    storage,
    key: `rollcall:${baseUrl}`,
    now,
    refresh: async (refresh) =>
      (await sendRenewal('token.refresh', { body: { refresh } })).data as TokenPair,
  })
  return { ...createResources(createSignedSend(send, session)), auth: createAuth(send, session) }
}
