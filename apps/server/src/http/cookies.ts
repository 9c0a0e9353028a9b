import { parseCookie, type SetCookie, stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import { invalidFields, ProblemError } from '../problem.ts'

/** Only over TLS or loopback, only to this host, and never to a script (ASVS 3.3.1 to 3.3.4). */
export const refreshCookieName = '__Host-rollcall_refresh'

/** A page of another origin cannot send it without being asked for leave (ASVS 3.5.1, 3.5.2). */
const csrfHeader = 'x-rollcall-csrf'

export type RefreshCookie = ReturnType<typeof createRefreshCookie>

/** The refresh token of a browser. Only renewing and signing out look at it. */
export function createRefreshCookie(dependencies: {
  clock: Clock
  publicUrl: string
  corsOrigins: string
}) {
  const { clock, publicUrl, corsOrigins } = dependencies
  const origins = new Set([new URL(publicUrl).origin, ...corsOrigins.split(',').filter(Boolean)])

  /** Browsers name the page that a request comes from; others need not. */
  function refuseOtherSites({ headers }: FastifyRequest) {
    const { origin } = headers
    const site = headers['sec-fetch-site']
    const isOurs = origin === undefined || origins.has(origin)
    if (isOurs && (site === undefined || ownSites.has(String(site)))) return
    throw forged('Pages of this origin may not use the cookie.')
  }

  return {
    refuseOtherSites,

    /** The token that a new one is about to take the place of, if there is one. */
    peek: ({ headers }: FastifyRequest): string | undefined =>
      parseCookie(headers.cookie ?? '')[refreshCookieName],

    /** The token; throws where a page of another site may have sent it (ASVS 3.5.1). */
    read(request: FastifyRequest): string {
      const { headers } = request
      const token = parseCookie(headers.cookie ?? '')[refreshCookieName]
      // A program without a browser has left the member out.
      if (token === undefined && headers[csrfHeader] === undefined) throw invalidFields(missing)
      if (headers[csrfHeader] !== '1' || headers.origin === undefined) {
        throw forged('To use the cookie, send `X-Rollcall-CSRF: 1` from a page in a browser.')
      }
      refuseOtherSites(request)
      return token ?? ''
    },

    set(reply: FastifyReply, token: string, expiresAt: Date): void {
      const maxAge = Math.floor((expiresAt.getTime() - clock.now().getTime()) / 1_000)
      reply.header('set-cookie', stringifySetCookie({ ...attributes, value: token, maxAge }))
    },

    /** Deletes it, and what else a page of this origin has kept (ASVS 14.3.1). */
    clear(reply: FastifyReply): void {
      reply.header('set-cookie', stringifySetCookie({ ...attributes, value: '', maxAge: 0 }))
      reply.header('clear-site-data', '"cookies", "storage"')
    },
  }
}

const attributes = {
  name: refreshCookieName,
  path: '/',
  httpOnly: true,
  secure: true,
  sameSite: 'strict',
} as const satisfies Omit<SetCookie, 'value'>

/** What `Sec-Fetch-Site` says of pages of this site, and of the address bar. */
const ownSites: ReadonlySet<string> = new Set(['same-origin', 'same-site', 'none'])

function forged(detail: string): ProblemError {
  return new ProblemError('permission_denied', { detail })
}

const missing = {
  field: 'refresh',
  code: 'required',
  detail: 'This member is required where no cookie brings it.',
} as const
