import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import t from 'tap'
import {
  type CookieJar,
  createServerClient,
  nodeCookies,
  requestCookies,
} from '../src/server/index.ts'
import { createFakeServer, problem } from './fake-server.ts'
import { logout, me, refresh } from './sign-in.ts'

const alice = { username: 'alice', password: 'correct-horse-battery' }
const name = '__Host-rollcall_session'

/** A site whose pages are made on a server, and the cookie that the browser has for it. */
function createSite() {
  const server = createFakeServer()
  const browser = { cookie: '' }

  /** What the site does for one request of the browser, with its cookies and for its answer. */
  async function request<T>(work: (client: ReturnType<typeof createServerClient>) => Promise<T>) {
    const headers = new Headers()
    const incoming = new Request('https://site.test/', { headers: { cookie: browser.cookie } })
    const result = await work(clientFor(requestCookies(incoming, headers)))
    for (const cookie of headers.getSetCookie()) browser.cookie = cookie.split(';')[0] ?? ''
    return { result, headers }
  }

  const clientFor = (cookies: CookieJar) =>
    createServerClient({
      baseUrl: 'http://rollcall.test',
      fetch: server.fetch,
      sleep: async () => {},
      cookies,
    })

  /** As after five minutes: the server refuses the token, and so it seems to the site. */
  const expire = () => server.refuseAccess()

  return { server, browser, request, clientFor, expire }
}

async function signIn() {
  const site = createSite()
  const { headers } = await site.request((client) => client.auth.signIn(alice))
  return { ...site, headers }
}

t.test('signing in sets a cookie that no script can read, and no cache may keep', async (t) => {
  const { headers } = await signIn()
  const [cookie] = headers.getSetCookie()
  t.match(cookie, /^__Host-rollcall_session=[\w-]+; Max-Age=2592000; Path=\/; HttpOnly; Secure; /)
  t.match(cookie, /; SameSite=Lax$/)
  t.equal(headers.get('cache-control'), 'private, no-store')
})

t.test('the next request is of the same person, and sets nothing', async (t) => {
  const { request, server } = await signIn()
  const { result, headers } = await request((client) => client.users.me())
  t.equal(result.username, 'alice')
  t.same(headers.getSetCookie(), [])
  t.equal(headers.get('cache-control'), null)
  t.equal(server.count(refresh), 0)
})

t.test('a request renews once, however many calls it makes, and sets one cookie', async (t) => {
  const { request, server, expire } = await signIn()
  expire()
  const { result, headers } = await request((client) =>
    Promise.all([client.users.me(), client.users.me(), client.users.me()]),
  )
  t.equal(result.length, 3)
  t.equal(server.count(refresh), 1)
  t.equal(headers.getSetCookie().length, 1)
  t.equal(headers.get('cache-control'), 'private, no-store')
  await request((client) => client.users.me())
  t.equal(server.count(refresh), 1, 'and the next request has the new tokens')
})

t.test('a request never renews twice', async (t) => {
  const { request, server } = await signIn()
  server.on(me, () => problem(401, 'token_not_valid'))
  await request(async (client) => {
    await t.rejects(client.users.me(), { code: 'token_not_valid' })
    await t.rejects(client.users.me(), { code: 'token_not_valid' })
  })
  t.equal(server.count(refresh), 1)
})

t.test('a renewal that the server was too busy for is tried again', async (t) => {
  const { request, server, expire } = await signIn()
  let isBusy = true
  server.on(refresh, (request, before) => {
    if (!isBusy) return before(request)
    isBusy = false
    return problem(503, 'service_unavailable')
  })
  expire()
  t.equal((await request((client) => client.users.me())).result.username, 'alice')
})

t.test('a session that is over loses its cookie', async (t) => {
  const { request, server, browser } = await signIn()
  server.endAll()
  const { headers } = await request(async (client) => {
    await t.rejects(client.users.me(), { code: 'token_not_valid' })
    t.equal(await client.auth.isSignedIn(), false)
  })
  t.match(headers.getSetCookie(), [/^__Host-rollcall_session=; Max-Age=0;/])
  t.equal(browser.cookie, `${name}=`)
})

t.test('signing out ends the session and deletes the cookie', async (t) => {
  const { request, server, browser } = await signIn()
  await request((client) => client.auth.signOut())
  t.equal(server.count(logout), 1)
  t.same(server.living(), [])
  t.equal(browser.cookie, `${name}=`)
})

for (const [what, readOnly] of Object.entries({
  'has no way to set one': {},
  'throws when one is set': {
    set: () => {
      throw new Error('Cookies can only be modified in an action.')
    },
  },
})) {
  t.test(`where a cookie cannot be set (${what}), nothing is renewed and lost`, async (t) => {
    const { server, browser, clientFor, request, expire } = await signIn()
    const get = () => browser.cookie.slice(name.length + 1)
    t.equal((await clientFor({ get, ...readOnly }).users.me()).username, 'alice')

    expire()
    await t.rejects(clientFor({ get, ...readOnly }).users.me(), { code: 'token_not_valid' })
    t.equal(server.count(refresh), 0)
    t.same(server.living(), ['alice'], 'the session goes on')
    t.equal((await request((client) => client.users.me())).result.username, 'alice')

    await t.rejects(clientFor({ get, ...readOnly }).auth.signIn(alice))
  })
}

t.test('requests of two people at the same time are kept apart', async (t) => {
  const { request, browser } = await signIn()
  const ofAlice = browser.cookie
  browser.cookie = ''
  await request((client) => client.auth.signIn({ ...alice, username: 'bob' }))
  const ofBob = browser.cookie
  const names = await Promise.all(
    [ofAlice, ofBob, ''].map((cookie) => {
      browser.cookie = cookie
      return request((client) => client.users.me().catch(({ code }) => ({ username: code })))
    }),
  )
  t.same(
    names.map(({ result }) => result.username),
    ['alice', 'bob', 'not_authenticated'],
  )
})

t.test('a cookie that somebody has made up is nobody’s', async (t) => {
  const { request, browser, server } = createSite()
  for (const value of ['', 'x', '%', 'bnVsbA', 'eyJhY2Nlc3MiOjF9', 'a'.repeat(5_000)]) {
    browser.cookie = `other=1; ${name}=${value}`
    const { result } = await request((client) => client.users.me().catch((error) => error))
    t.equal(result.status, 401, value.slice(0, 20))
  }
  t.same(server.living(), [])
})

t.test('the cookies of Node go with the others that are set', async (t) => {
  const { clientFor, server } = await signIn()
  const incoming = new IncomingMessage(new Socket())
  const outgoing = new ServerResponse(incoming)
  outgoing.setHeader('set-cookie', 'theme=dark')
  await clientFor(nodeCookies(incoming, outgoing)).auth.signIn(alice)
  const set = outgoing.getHeader('set-cookie') as string[]
  t.match(set, ['theme=dark', /^__Host-rollcall_session=\w+/])
  t.equal(outgoing.getHeader('cache-control'), 'private, no-store')

  incoming.headers.cookie = set[1]?.split(';')[0]
  const client = clientFor(nodeCookies(incoming, new ServerResponse(incoming)))
  t.equal((await client.users.me()).username, 'alice')
  t.equal(server.count(me), 1)
})
