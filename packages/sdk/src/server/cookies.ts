/** How a cookie of the session is set. */
export interface CookieAttributes {
  readonly httpOnly: true
  readonly secure: true
  readonly sameSite: 'lax'
  readonly path: '/'
  /** Seconds; 0 deletes the cookie. */
  readonly maxAge: number
}

/** The cookies of one request, and of the answer to it. */
export interface CookieJar {
  get(name: string): string | undefined | Promise<string | undefined>
  /** Where it is missing, or throws, tokens are sent as they are and never renewed. */
  set?(name: string, value: string, attributes: CookieAttributes): unknown
  /** Sets a header field of the answer: one that sets a cookie must not be cached. */
  setHeader?(name: string, value: string): unknown
}

/** The cookies of a `Request`, and those to be set in the headers of the `Response`. */
export function requestCookies(request: Request, responseHeaders: Headers): CookieJar {
  return {
    get: (name) => findCookie(request.headers.get('cookie') ?? '', name),
    set(name, value, attributes) {
      const others = responseHeaders.getSetCookie().filter((cookie) => !isNamed(cookie, name))
      responseHeaders.delete('set-cookie')
      for (const cookie of [...others, printCookie(name, value, attributes)]) {
        responseHeaders.append('set-cookie', cookie)
      }
    },
    setHeader: (name, value) => responseHeaders.set(name, value),
  }
}

/** As much of Node’s `IncomingMessage` and `ServerResponse` as cookies need. */
export interface NodeRequest {
  readonly headers: { readonly cookie?: string | undefined }
}
export interface NodeResponse {
  getHeader(name: string): number | string | readonly string[] | undefined
  setHeader(name: string, value: string | readonly string[]): unknown
}

/** The cookies of a request of Node or Express, and those to be set in the answer. */
export function nodeCookies(request: NodeRequest, response: NodeResponse): CookieJar {
  return {
    get: (name) => findCookie(request.headers.cookie ?? '', name),
    set(name, value, attributes) {
      const before = [response.getHeader('set-cookie') ?? []].flat().map(String)
      const others = before.filter((cookie) => !isNamed(cookie, name))
      response.setHeader('set-cookie', [...others, printCookie(name, value, attributes)])
    },
    setHeader: (name, value) => response.setHeader(name, value),
  }
}

function findCookie(header: string, name: string): string | undefined {
  const found = header.split(/; */).find((pair) => isNamed(pair, name))
  return found?.slice(name.length + 1)
}

function isNamed(cookie: string, name: string): boolean {
  return cookie.startsWith(`${name}=`)
}

function printCookie(name: string, value: string, { maxAge }: CookieAttributes): string {
  return `${name}=${value}; Max-Age=${maxAge}; Path=/; HttpOnly; Secure; SameSite=Lax`
}
