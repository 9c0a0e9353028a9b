import t from 'tap'
import { type ClientOptions, createClient, memoryStorage, NetworkError } from '../src/index.ts'
import { createFakeBrowser } from './fake-browser.ts'
import { createFakeServer, createGate, json, problem } from './fake-server.ts'
import { logout, me, refresh } from './sign-in.ts'

const alice = { username: 'alice', password: 'correct-horse-battery' }

/** A browser with a page open that nobody has signed in to, and the way to open the next one. */
function openBrowser(options: Partial<ClientOptions> = {}) {
  const server = createFakeServer()
  const browser = createFakeBrowser(server.fetch)
  const clock = { now: 0 }
  const openPage = () =>
    createClient({
      baseUrl: 'http://rollcall.test',
      mode: 'cookie',
      fetch: browser.fetch,
      now: () => clock.now,
      sleep: async () => {},
      ...options,
    })
  return { server, browser, clock, page: openPage(), openPage }
}

async function signIn(options: Partial<ClientOptions> = {}) {
  const opened = openBrowser(options)
  await opened.page.auth.signIn(alice)
  return opened
}

t.test('the refresh token goes into the cookie, and no script sees it', async (t) => {
  const { server, browser, page } = await signIn()
  t.same(server.requests.at(-1)?.body, { ...alice, transport: 'cookie' })
  t.match(browser.cookie(), 'refresh-1')
  t.equal((await page.users.me()).username, 'alice')
})

t.test('the cookie goes where it is needed, guarded by a header, and nowhere else', async (t) => {
  const { server, clock, page } = await signIn()
  await page.users.me()
  clock.now = 300_000
  await page.users.me()
  await page.auth.signOut()
  const seen = server.requests.map(({ route, headers }) => [
    route,
    headers.has('cookie'),
    headers.get('x-rollcall-csrf'),
  ])
  t.same(seen, [
    ['POST /api/token/', false, '1'],
    [me, false, null],
    [refresh, true, '1'],
    [me, false, null],
    [logout, true, '1'],
  ])
  t.same(server.requests[2]?.body, {})
  t.same(server.requests[4]?.body, {})
})

t.test('in the mode bearer no cookie is asked for, and no header is added', async (t) => {
  const seen: RequestInit[] = []
  const server = createFakeServer()
  const client = createClient({
    baseUrl: 'http://rollcall.test',
    fetch: (url, init) => {
      seen.push(init)
      return server.fetch(url, init)
    },
  })
  await client.auth.signIn(alice)
  t.notOk(seen[0]?.credentials)
  t.notOk(new Headers(seen[0]?.headers).has('x-rollcall-csrf'))
})

t.test('ASVS 14.3.3: nothing is kept in a storage', async (t) => {
  const touched: string[] = []
  const storage = new Proxy(memoryStorage(), {
    get: (items, name) => {
      touched.push(String(name))
      return Reflect.get(items, name)
    },
  })
  const spy = new Proxy({}, { get: (_, name) => touched.push(String(name)) })
  const before = Object.getOwnPropertyDescriptors(globalThis)
  for (const name of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(globalThis, name, { configurable: true, get: () => spy })
  }
  t.teardown(() => {
    for (const name of ['localStorage', 'sessionStorage'] as const) {
      if (before[name]) Object.defineProperty(globalThis, name, before[name])
      else Reflect.deleteProperty(globalThis, name)
    }
  })
  const { clock, page } = await signIn({ storage })
  clock.now = 300_000
  await page.users.me()
  await page.auth.signOut()
  t.same(touched, [])
})

t.test('a page that is loaded anew goes on with the session, by one renewal', async (t) => {
  const { server, openPage } = await signIn()
  const page = openPage()
  const users = await Promise.all(Array.from({ length: 30 }, () => page.users.me()))
  t.equal(users.length, 30)
  t.equal(server.count(refresh), 1)
  t.equal(server.count(me), 30)
  t.equal(await page.auth.isSignedIn(), true)
  t.equal(server.count(refresh), 1)
})

t.test('a page that is loaded anew can ask whether somebody is signed in', async (t) => {
  const { openPage } = await signIn()
  t.equal(await openPage().auth.isSignedIn(), true)
})

t.test('where nobody is signed in the cookie is tried once, and calls go without', async (t) => {
  const { server, page } = openBrowser()
  await t.rejects(page.users.me(), { operation: 'users.me', code: 'not_authenticated' })
  await t.rejects(page.users.me(), { code: 'not_authenticated' })
  t.equal(await page.auth.isSignedIn(), false)
  t.equal(server.count(refresh), 1)
})

t.test('what needs no token does not try the cookie', async (t) => {
  const { server, page } = openBrowser()
  server.on('GET /healthz', () => json(200, { status: 'ok' }))
  await page.health.live()
  t.equal(server.count(refresh), 0)
})

t.test('a server out of reach at the start does not mean signed out', async (t) => {
  const { server, clock, openPage } = await signIn()
  let isDown = true
  server.on(refresh, (request, before) =>
    isDown ? Promise.reject(new TypeError('fetch failed')) : before(request),
  )
  const page = openPage()
  await t.rejects(page.users.me(), NetworkError)
  await t.rejects(page.auth.isSignedIn(), NetworkError)
  isDown = false
  clock.now += 60_000
  t.equal((await page.users.me()).username, 'alice')
})

t.test('signing out clears the cookie and ends the session on the server', async (t) => {
  const { server, browser, page, openPage } = await signIn()
  await page.auth.signOut()
  t.equal(browser.cookie(), '')
  t.same(server.living(), [])
  t.equal(await page.auth.isSignedIn(), false)
  t.equal(server.count(refresh), 0, 'the cookie is known to be gone')
  t.equal(await openPage().auth.isSignedIn(), false)
})

t.test('signing out is the first thing a page may do', async (t) => {
  const { server, browser, openPage } = await signIn()
  await openPage().auth.signOut()
  t.equal(browser.cookie(), '')
  t.same(server.living(), [])
})

t.test('signing out with the server out of reach says so, and forgets all the same', async (t) => {
  const { server, openPage } = await signIn()
  let isDown = true
  server.on(refresh, (request, before) =>
    isDown ? Promise.reject(new TypeError('fetch failed')) : before(request),
  )
  const page = openPage()
  await t.rejects(page.auth.signOut(), NetworkError)
  isDown = false
  t.equal(await page.auth.isSignedIn(), false)
})

t.test('a sign-in waits for a renewal under way, whose cookie would come last', async (t) => {
  const { server, browser, clock, page } = await signIn()
  const gate = createGate()
  const asked = createGate()
  server.on(refresh, async (request, before) => {
    asked.open()
    await gate.passed
    return before(request)
  })
  clock.now = 300_000
  const call = page.users.me()
  await asked.passed
  const signedIn = page.auth.signIn({ username: 'bob', password: 'staple-paper-clip' })
  gate.open()
  await signedIn
  await t.resolves(call)
  t.match(browser.cookie(), 'refresh-3')
  t.equal((await page.users.me()).username, 'bob')
})

t.test('a sign-in waits for a renewal in another tab too', async (t) => {
  const { server, browser, clock, page, openPage } = await signIn()
  const other = openPage()
  await other.auth.isSignedIn()
  const [gate, asked] = [createGate(), createGate()]
  server.on(refresh, async (request, before) => {
    asked.open()
    await gate.passed
    return before(request)
  })
  clock.now = 300_000
  const call = other.users.me()
  await asked.passed
  const signedIn = page.auth.signIn({ username: 'bob', password: 'staple-paper-clip' })
  await new Promise((resolve) => setImmediate(resolve))
  t.equal(server.count('POST /api/token/'), 1, 'not yet')
  gate.open()
  await Promise.all([call, signedIn])
  t.equal((await page.users.me()).username, 'bob')
  t.equal(await openPage().auth.isSignedIn(), true)
  t.equal(server.living().at(-1), 'bob')
  t.match(browser.cookie(), /refresh-\d/)
})

t.test('no call is sent as the person who signs in while the cookie is tried', async (t) => {
  const { server, page } = openBrowser()
  const asked = createGate()
  const gate = createGate()
  server.on(refresh, async (request, before) => {
    asked.open()
    await gate.passed
    return before(request)
  })
  const call = page.users.me()
  await asked.passed
  const signedIn = page.auth.signIn(alice)
  gate.open()
  await t.rejects(call, { code: 'not_authenticated' })
  await signedIn
  t.equal((await page.users.me()).username, 'alice')
})

t.test('no call is sent as the person who has signed in in another tab', async (t) => {
  const { server, clock, page, openPage } = openBrowser()
  const tokenOf = (sid: string) =>
    `e30.${Buffer.from(JSON.stringify({ sid })).toString('base64url')}.x`
  const answer = (sid: string) =>
    json(200, { access: tokenOf(sid), refresh: null, token_type: 'Bearer', expires_in: 300 })
  let holder = 'alice'
  server.on('POST /api/token/', () => answer(holder))
  server.on(refresh, () => answer(holder))
  server.on('DELETE /api/users/me/', () => new Response(null, { status: 204 }))
  server.on(logout, () => new Response(null, { status: 205 }))
  await page.auth.signIn(alice)
  const stale = openPage()
  await stale.auth.isSignedIn()

  holder = 'bob'
  clock.now = 300_000
  server.on('DELETE /api/users/me/', ({ headers }) =>
    headers.has('authorization')
      ? new Response(null, { status: 204 })
      : problem(401, 'not_authenticated'),
  )
  await t.rejects(page.users.deleteMe(), { code: 'not_authenticated' })
  t.equal(await page.auth.isSignedIn(), true, 'later calls are bob’s')
  await page.users.deleteMe()

  await stale.auth.signOut()
  t.equal(server.count(logout), 0, 'nor is he signed out by the tab of somebody else')
})
