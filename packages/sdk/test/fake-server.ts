import type { TokenPair } from '../src/index.ts'

export interface FakeRequest {
  readonly route: string
  readonly url: URL
  readonly headers: Headers
  readonly body: unknown
}

type Handler = (request: FakeRequest) => Response | Promise<Response>

/** A server in this process: opens and renews sessions, and remembers what it was asked. */
export function createFakeServer() {
  const sessions = createFakeSessions()
  const routes: Record<string, Handler> = {
    'POST /api/token/': ({ body }) => {
      const { username, transport } = body as { username: string; transport?: string }
      return answerPair(sessions.open(username), transport === 'cookie')
    },
    'POST /api/token/refresh/': (request) => {
      const pair = sessions.renew(refreshOf(request))
      return pair ? answerPair(pair, hasCookie(request)) : problem(401, 'token_not_valid')
    },
    'POST /api/token/reauthenticate/': (request) =>
      sessions.signedIn(request, (username) => {
        const { access, token_type, expires_in } = sessions.reauthenticate(username)
        return json(200, { access, token_type, expires_in })
      }),
    'POST /api/logout/': (request) => sessions.signedIn(request, sessions.end),
    'GET /api/users/me/': (request) =>
      sessions.signedIn(request, (username) => json(200, { username })),
  }
  const requests: FakeRequest[] = []

  return {
    requests,
    /** How often the route was asked for. */
    count: (route: string) => requests.filter((request) => request.route === route).length,
    /** Answers the route so from now on; the handler may fall back on how it was before. */
    on(
      route: string,
      handler: (request: FakeRequest, before: Handler) => Response | Promise<Response>,
    ) {
      const before = routes[route] ?? (() => problem(404, 'not_found'))
      routes[route] = (request) => handler(request, before)
    },
    /** The access tokens in force are refused from now on; their sessions live on. */
    refuseAccess: sessions.refuseAccess,
    /** Every session is over. */
    endAll: sessions.endAll,
    /** The sessions that live, by the name of their user. */
    living: sessions.living,
    async fetch(input: string, init: RequestInit): Promise<Response> {
      init.signal?.throwIfAborted()
      const request = requestOf(input, init)
      requests.push(request)
      const handler = routes[request.route]
      return handler ? handler(request) : problem(404, 'not_found')
    },
  }
}

function createFakeSessions() {
  const living = new Map<string, { username: string; access: string }>()
  let issued = 0

  function issue(username: string) {
    issued += 1
    const pair = { access: `access-${issued}`, refresh: `refresh-${issued}` }
    living.set(pair.refresh, { username, access: pair.access })
    return { ...pair, token_type: 'Bearer', expires_in: 300 } as const
  }

  return {
    open: issue,
    living: () => [...living.values()].map(({ username }) => username),
    endAll: () => living.clear(),
    refuseAccess() {
      for (const session of living.values()) session.access = 'none'
    },
    renew(refresh: string) {
      const session = living.get(refresh)
      living.delete(refresh)
      return session && issue(session.username)
    },
    /** A new access token; the refresh token stays. */
    reauthenticate(username: string) {
      const next = issue(username)
      living.delete(next.refresh)
      for (const session of living.values()) {
        if (session.username === username) session.access = next.access
      }
      return next
    },
    end(_username: string, refresh: string) {
      living.delete(refresh)
      return new Response(null, { status: 205, headers: { 'set-cookie': `${cookieName}=` } })
    },
    signedIn(request: FakeRequest, answer: (username: string, refresh: string) => Response) {
      const authorization = request.headers.get('authorization')
      if (!authorization) return problem(401, 'not_authenticated')
      const session = [...living.values()].find(
        ({ access }) => authorization === `Bearer ${access}`,
      )
      if (!session) return problem(401, 'token_not_valid')
      return answer(session.username, refreshOf(request))
    },
  }
}

const cookieName = '__Host-rollcall_refresh'

function answerPair(pair: TokenPair, inCookie: boolean): Response {
  if (!inCookie) return json(200, pair)
  return json(200, { ...pair, refresh: null }, { 'set-cookie': `${cookieName}=${pair.refresh}` })
}

/** The refresh token of the body, or of a cookie that no other site can have had sent. */
function refreshOf(request: FakeRequest): string {
  const { refresh } = (request.body ?? {}) as { refresh?: string }
  if (!hasCookie(request)) return refresh ?? ''
  return request.headers.get('x-rollcall-csrf') === '1'
    ? (request.headers.get('cookie')?.split('=')[1] ?? '')
    : ''
}

function hasCookie({ headers }: FakeRequest): boolean {
  return headers.has('cookie')
}

function requestOf(input: string, init: RequestInit): FakeRequest {
  const url = new URL(input)
  return {
    route: `${init.method} ${url.pathname}`,
    url,
    headers: new Headers(init.headers),
    body: init.body ? JSON.parse(String(init.body)) : undefined,
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}) {
  return Response.json(body, { status, headers })
}

export function problem(status: number, code: string, more: object = {}) {
  const body = { status, code, detail: `Detail of ${code}.`, request_id: 'request-1', ...more }
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } })
}

/** A point that others wait at until it is opened. */
export function createGate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { passed: promise, open: resolve }
}
