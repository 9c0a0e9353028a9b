import t, { type Test } from 'tap'
import { memoryStorage, NetworkError } from '../src/index.ts'
import { createGate, json, problem } from './fake-server.ts'
import { logout, me, refresh, signIn } from './sign-in.ts'

t.test('a refused sign-in leaves nobody signed in', async (t) => {
  const { server, newClient } = await signIn()
  server.on('POST /api/token/', () => problem(401, 'no_active_account'))
  const client = newClient()
  await t.rejects(client.auth.signIn({ username: 'alice', password: 'wrong' }), {
    operation: 'token.create',
    code: 'no_active_account',
  })
  t.equal(await client.auth.isSignedIn(), false)
})

t.test('signing out ends the session here and on the server', async (t) => {
  const { server, client } = await signIn()
  await client.auth.signOut()
  t.same(server.living(), [])
  t.equal(await client.auth.isSignedIn(), false)
  await t.rejects(client.users.me(), { code: 'not_authenticated' })
})

t.test('signing out twice, or when nobody is signed in, sends nothing more', async (t) => {
  const { server, client } = await signIn()
  await client.auth.signOut()
  await client.auth.signOut()
  t.equal(server.count(logout), 1)
})

t.test('signing out on an expired token renews it first, so that the server obeys', async (t) => {
  const { server, clock, client } = await signIn()
  clock.now = 300_000
  await client.auth.signOut()
  t.equal(server.count(refresh), 1)
  t.same(server.living(), [])
  t.equal(await client.auth.isSignedIn(), false)
})

t.test('signing out on a token that only the server knows to be expired works too', async (t) => {
  const { server, client } = await signIn()
  server.refuseAccess()
  await client.auth.signOut()
  t.same(server.living(), [])
})

t.test('signing out during a renewal wins, here and on the server', async (t) => {
  const { server, clock, client } = await signIn()
  const gate = createGate()
  const asked = createGate()
  server.on(refresh, async (request, before) => {
    asked.open()
    await gate.passed
    return before(request)
  })
  clock.now = 300_000
  const call = client.users.me()
  await asked.passed
  const signedOut = client.auth.signOut()
  t.equal(await client.auth.isSignedIn(), false, 'at once')
  gate.open()
  await t.rejects(call, { code: 'not_authenticated' })
  await signedOut
  t.equal(await client.auth.isSignedIn(), false, 'and for good')
  t.equal(server.count(refresh), 1)
  t.same(server.living(), [], 'the successor is refused too')
})

t.test('signing out of a session that is over already succeeds', async (t) => {
  const { server, client } = await signIn()
  server.endAll()
  await client.auth.signOut()
  t.equal(await client.auth.isSignedIn(), false)
})

t.test(
  'signing out says so when the server could not be told, and forgets all the same',
  async (t) => {
    const { server, client } = await signIn()
    server.on(logout, () => Promise.reject(new TypeError('fetch failed')))
    await t.rejects(client.auth.signOut(), NetworkError)
    t.equal(await client.auth.isSignedIn(), false)
    await t.rejects(client.users.me(), { code: 'not_authenticated' })
  },
)

t.test('clients that share a storage share the session', async (t) => {
  const { server, clock, client, newClient } = await signIn({ storage: memoryStorage() })
  const otherTab = newClient()
  t.equal((await otherTab.users.me()).username, 'alice')

  clock.now = 300_000
  await otherTab.users.me()
  await client.users.me()
  t.equal(server.count(refresh), 1, 'a renewal in one serves the other')

  await otherTab.auth.signOut()
  t.equal(await client.auth.isSignedIn(), false, 'and so does a sign-out')
})

t.test('a renewal refused because another tab was first is no end of the session', async (t) => {
  withoutLocks(t)
  const { server, clock, client, newClient } = await signIn({ storage: memoryStorage() })
  const otherTab = newClient()
  let first = true
  server.on(refresh, async (request, before) => {
    if (!first) return before(request)
    first = false
    await otherTab.users.me()
    return before(request)
  })
  clock.now = 300_000
  t.equal((await client.users.me()).username, 'alice')
  t.same(server.living(), ['alice'])
})

t.test('an asynchronous storage will do', async (t) => {
  const items = memoryStorage()
  const storage = {
    getItem: async (key: string) => items.getItem(key),
    setItem: async (key: string, value: string) => items.setItem(key, value),
    removeItem: async (key: string) => items.removeItem(key),
  }
  const { server, clock, client } = await signIn({ storage })
  clock.now = 300_000
  await Promise.all([client.users.me(), client.users.me()])
  t.equal(server.count(refresh), 1)
  await client.auth.signOut()
  t.equal(await client.auth.isSignedIn(), false)
})

t.test('tokens are never sent to another server than the one that gave them', async (t) => {
  const storage = memoryStorage()
  const { server, newClient } = await signIn({ storage })
  const other = await signIn({ storage, baseUrl: 'http://other.test' })
  await other.client.auth.signOut()
  t.equal(await newClient().auth.isSignedIn(), true)
  t.equal(server.count(me), 0)
})

t.test('a storage with something else in it means signed out', async (t) => {
  const storage = { ...memoryStorage(), getItem: () => 'not json' }
  const { client } = await signIn({ storage })
  t.equal(await client.auth.isSignedIn(), false)
})

t.test('a proof of who is signed in is kept: the next call carries its token', async (t) => {
  const { server, clock, client } = await signIn()
  clock.now = 200_000
  await client.auth.reauthenticate({ password: 'correct-horse-battery' })
  await client.users.me()
  t.equal(server.requests.at(-1)?.headers.get('authorization'), 'Bearer access-2')
  clock.now = 469_999
  await client.users.me()
  t.equal(server.count(refresh), 0, 'and is good for its whole life')
  clock.now = 470_000
  await client.users.me()
  t.same(server.requests.at(-2)?.body, { refresh: 'refresh-1' }, 'the refresh token stays')
})

t.test('a refused proof changes nothing', async (t) => {
  const { server, client } = await signIn()
  server.on('POST /api/token/reauthenticate/', () => problem(400, 'validation_failed'))
  await t.rejects(client.auth.reauthenticate({ password: 'wrong' }), {
    operation: 'token.reauthenticate',
    code: 'validation_failed',
  })
  await client.users.me()
  t.equal(server.requests.at(-1)?.headers.get('authorization'), 'Bearer access-1')
})

t.test('a proof given during a renewal does not lose the refresh token', async (t) => {
  const { server, clock, client } = await signIn()
  const [proof, renewal] = [createPause(), createPause()]
  server.on('POST /api/token/reauthenticate/', async () => {
    await proof.pass()
    return json(200, { access: 'access-proven', token_type: 'Bearer', expires_in: 300 })
  })
  server.on(refresh, async (request, before) => {
    const answer = await before(request)
    await renewal.pass()
    return answer
  })
  server.on(me, () => json(200, { username: 'alice' }))

  const proven = client.auth.reauthenticate({ password: 'correct-horse-battery' })
  await proof.reached
  clock.now = 290_000
  const call = client.users.me()
  await renewal.reached
  proof.end()
  await proven
  renewal.end()
  await call

  clock.now = 600_000
  await client.users.me()
  t.same(server.requests.at(-2)?.body, { refresh: 'refresh-2' })
})

t.test('a proof of one person is not kept for the next', async (t) => {
  const { server, clock, client } = await signIn()
  server.on('POST /api/token/reauthenticate/', async (request, before) => {
    const answer = await before(request)
    clock.now += 1
    await client.auth.signIn({ username: 'bob', password: 'staple-paper-clip' })
    return answer
  })
  await client.auth.reauthenticate({ password: 'correct-horse-battery' })
  t.equal((await client.users.me()).username, 'bob')
})

/** As in a browser that has no Web Locks, or on a page that is not served over https. */
function withoutLocks(t: Test) {
  const { locks } = navigator
  Object.defineProperty(navigator, 'locks', { configurable: true, value: undefined })
  t.teardown(() => Object.defineProperty(navigator, 'locks', { configurable: true, value: locks }))
}

/** A point that somebody waits at until the pause ends. */
function createPause() {
  const [reached, ended] = [createGate(), createGate()]
  return {
    reached: reached.passed,
    end: ended.open,
    pass() {
      reached.open()
      return ended.passed
    },
  }
}
