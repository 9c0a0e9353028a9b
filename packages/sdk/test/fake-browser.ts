import type { createFakeServer } from './fake-server.ts'

type Fetch = ReturnType<typeof createFakeServer>['fetch']

/** Keeps the cookie of a server, and sends and takes it only where `credentials` says so. */
export function createFakeBrowser(fetch: Fetch) {
  let cookie = ''
  return {
    /** The cookie, which no script of a page can see. */
    cookie: () => cookie,
    async fetch(url: string, init: RequestInit): Promise<Response> {
      if (init.credentials !== 'include') return fetch(url, init)
      const headers = new Headers(init.headers)
      if (cookie) headers.set('cookie', cookie)
      const response = await fetch(url, { ...init, headers })
      cookie = cookieAfter(response, cookie)
      return response
    },
  }
}

/** An empty value clears the cookie, as one that has expired does. */
function cookieAfter(response: Response, before: string): string {
  const [after] = response.headers.getSetCookie()
  if (after === undefined) return before
  return after.endsWith('=') ? '' : after
}
