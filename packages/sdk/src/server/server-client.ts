import { type Client, createClient } from '../client.ts'
import type { ClientOptions } from '../options.ts'
import type { TokenStorage } from '../storage.ts'
import type { CookieAttributes, CookieJar } from './cookies.ts'

/** How a client for one request is set up. */
export interface ServerClientOptions
  extends Omit<ClientOptions, 'mode' | 'storage' | 'apiKey' | 'now'> {
  readonly cookies: CookieJar
  /** `__Host-rollcall_session` unless given. */
  readonly cookieName?: string
}

/**
 * Makes a client that acts for whoever has sent a request, by a cookie that no script can read.
 * Make one for each request. It renews the tokens once at most, and only where the next ones can
 * be set as a cookie: those that were renewed in vain would end the session.
 */
export function createServerClient(options: ServerClientOptions): Client {
  const { cookies, cookieName = '__Host-rollcall_session', ...rest } = options
  const { storage, isWritable } = createCookieStorage(cookies, cookieName)
  const send = options.fetch ?? ((url, init) => globalThis.fetch(url, init))
  let renewed: Response | undefined

  /** The session goes on elsewhere; here its tokens are at their end. */
  async function renew(url: string, init: RequestInit) {
    if (!(await isWritable())) return refusal()
    if (!renewed) {
      const response = await send(url, init)
      if (!response.ok) return response
      renewed = response
    }
    return renewed.clone()
  }

  return createClient({
    ...rest,
    storage,
    fetch: (url, init) => (isRenewal(url) ? renew(url, init) : send(url, init)),
  })
}

function isRenewal(url: string): boolean {
  return url.endsWith('/api/token/refresh/')
}

function refusal(): Response {
  const problem = { code: 'token_not_valid', detail: 'No cookie can be set here.' }
  return new Response(JSON.stringify(problem), { status: 401 })
}

/** 30 days; the server ends sessions earlier. */
const longestSeconds = 2_592_000

/** Keeps the tokens in a cookie; what was set is read back, which the request cannot say. */
function createCookieStorage(cookies: CookieJar, name: string) {
  let kept: string | undefined
  let isSet = false

  async function read() {
    if (!isSet) kept = (await cookies.get(name)) || undefined
    return kept
  }

  async function write(value: string | undefined) {
    kept = value
    isSet = true
    if (!cookies.set) throw new TypeError('Nobody can sign in where no cookie can be set.')
    await cookies.set(name, value ?? '', attributesOf(value ? longestSeconds : 0))
    await cookies.setHeader?.('cache-control', 'private, no-store')
  }

  const storage: TokenStorage = {
    getItem: async () => decode(await read()),
    setItem: (_key, value) => write(encode(value)),
    // Where no cookie can be set the session is not over: it is renewed by another request.
    removeItem: () => write(undefined).catch(() => {}),
    isShared: false,
  }

  /** Tried with what is there already: afterwards it would be too late. */
  async function isWritable() {
    try {
      await write(await read())
      return true
    } catch {
      return false
    }
  }

  return { storage, isWritable }
}

function attributesOf(maxAge: number): CookieAttributes {
  return { httpOnly: true, secure: true, sameSite: 'lax', path: '/', maxAge }
}

/** Characters that every cookie may hold, and that nobody encodes once more. */
function encode(text: string): string {
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function decode(value: string | undefined): string | null {
  try {
    return value ? atob(value.replaceAll('-', '+').replaceAll('_', '/')) : null
  } catch {
    return null
  }
}
