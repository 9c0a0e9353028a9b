import t from 'tap'
import { type AuthChange, type Client, memoryStorage } from '../src/index.ts'
import { createGate, json, problem } from './fake-server.ts'
import { me, refresh, signIn } from './sign-in.ts'

const alice = { username: 'alice', password: 'correct-horse-battery' }

/** All that the client tells from now on. */
function listenTo(client: Client) {
  const changes: AuthChange[] = []
  const stop = client.auth.onChange((change) => changes.push(change))
  t.teardown(stop)
  return { changes, stop, types: () => changes.map(({ type }) => type) }
}

/** Until what was told, here or through the channel, has come. */
async function settled() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1))
}

/** Two clients that share a storage, as two tabs do, both signed in. */
async function openTabs() {
  const tabs = await signIn({ storage: memoryStorage() })
  const other = tabs.newClient()
  return { ...tabs, other }
}

t.test('every listener first hears how it is', async (t) => {
  const { client } = await signIn()
  const first = listenTo(client)
  t.same(first.types(), [], 'not before `onChange` has answered')
  await settled()
  t.match(first.changes, [{ type: 'initial', state: { status: 'signed_in' } }])
  const second = listenTo(client)
  await settled()
  t.same(second.types(), ['initial'])
  t.same(first.types(), ['initial'], 'and once')
})

t.test('signing in, renewing and signing out are told', async (t) => {
  const { clock, client } = await signIn()
  await client.auth.signOut()
  const { changes, types } = listenTo(client)
  await settled()
  await client.auth.signIn(alice)
  clock.now = 300_000
  await client.users.me()
  await client.auth.signOut()
  await settled()
  t.same(types(), ['initial', 'signed_in', 'refreshed', 'user_updated', 'signed_out'])
  t.match(
    changes.map(({ state }) => state.status),
    ['signed_out', 'signed_in', 'signed_in', 'signed_in', 'signed_out'],
  )
  t.equal(changes.at(-1)?.state.user, undefined, 'whose account is forgotten')
})

t.test('a session that the server has ended is told as expired, once', async (t) => {
  const { server, client } = await signIn()
  const { types } = listenTo(client)
  await settled()
  server.endAll()
  await Promise.allSettled([client.users.me(), client.users.me()])
  await settled()
  t.same(types(), ['initial', 'expired'])
})

t.test('deleting the own account signs out', async (t) => {
  const { server, client } = await signIn()
  server.on('DELETE /api/users/me/', () => new Response(null, { status: 204 }))
  const { types } = listenTo(client)
  await settled()
  await client.users.deleteMe()
  await settled()
  t.same(types(), ['initial', 'signed_out'])
})

t.test('the own account is known once it was seen, and told when it changes', async (t) => {
  const { server, client } = await signIn()
  server.on('PATCH /api/users/me/', () => json(200, { username: 'alice', first_name: 'Alicia' }))
  const { types } = listenTo(client)
  await settled()
  t.equal(client.auth.state().user, undefined)
  await client.users.me()
  await client.users.me()
  await client.users.updateMe({ first_name: 'Alicia' })
  await settled()
  t.same(types(), ['initial', 'user_updated', 'user_updated'])
  t.match(client.auth.state(), { status: 'signed_in', user: { first_name: 'Alicia' } })
})

t.test('the account of one person is not kept for the next', async (t) => {
  const { server, clock, client } = await signIn()
  const asked = createGate()
  const answered = createGate()
  server.on(me, async (request, before) => {
    const answer = await before(request)
    asked.open()
    await answered.passed
    return answer
  })
  const call = client.users.me()
  await asked.passed
  clock.now += 1
  await client.auth.signIn({ username: 'bob', password: 'staple-paper-clip' })
  answered.open()
  await call
  t.equal(client.auth.state().user, undefined)
})

t.test('loadUser asks who is signed in, and asks again when somebody else is', async (t) => {
  const { server, clock, client } = await signIn()
  t.equal((await client.auth.loadUser())?.username, 'alice')
  clock.now += 1
  await client.auth.signIn({ username: 'bob', password: 'staple-paper-clip' })
  await settled()
  t.equal(client.auth.state().user?.username, 'bob')
  await client.auth.signOut()
  t.equal(await client.auth.loadUser(), null)
  server.on(me, () => problem(503, 'service_unavailable'))
  await client.auth.signIn(alice)
  await t.rejects(client.auth.loadUser(), { code: 'service_unavailable' })
})

t.test('the state is the same object until it changes', async (t) => {
  const { client } = await signIn()
  await client.users.me()
  const state = client.auth.state()
  await client.users.me()
  t.equal(client.auth.state(), state)
})

t.test('a listener that fails is no concern of the others, nor of the call', async (t) => {
  const warnings: unknown[] = []
  const logger = { debug: () => {}, warn: (message: string) => warnings.push(message) }
  const { client } = await signIn({ logger })
  client.auth.onChange(() => {
    throw new Error('a bug of the application')
  })
  const { types } = listenTo(client)
  await settled()
  await client.auth.signOut()
  await settled()
  t.same(types(), ['initial', 'signed_out'])
  t.equal(warnings.length, 2)
})

t.test('a listener may call the client', async (t) => {
  const { client } = await signIn()
  const names: string[] = []
  client.auth.onChange(({ type }) => {
    if (type === 'initial') void client.users.me().then(({ username }) => names.push(username))
    if (type === 'signed_out') void client.auth.signIn(alice).then(() => names.push('again'))
  })
  await settled()
  await client.auth.signOut()
  await settled()
  t.same(names, ['alice', 'again'])
})

t.test('a listener that has left hears nothing more', async (t) => {
  const { client } = await signIn()
  const { stop, types } = listenTo(client)
  await settled()
  const signedOut = client.auth.signOut()
  stop()
  await signedOut
  await settled()
  t.same(types(), ['initial'])
})

t.test('the other tabs hear of all that happens', async (t) => {
  const { server, clock, client, other } = await openTabs()
  server.on('PATCH /api/users/me/', () => json(200, { username: 'alice', first_name: 'Alicia' }))
  await other.auth.loadUser()
  server.on(me, () => json(200, { username: 'alice', first_name: 'Alicia' }))
  const { types } = listenTo(other)
  await settled()
  clock.now = 300_000
  await client.users.updateMe({ first_name: 'Alicia' })
  await settled()
  t.equal(other.auth.state().user?.first_name, 'Alicia')
  await client.auth.signOut()
  await settled()
  clock.now += 1
  await client.auth.signIn({ username: 'bob', password: 'staple-paper-clip' })
  await settled()
  t.match(types(), ['initial', 'refreshed', 'user_updated', 'signed_out', 'signed_in'])
  t.equal(other.auth.state().status, 'signed_in')
})

t.test('the other tabs hear that a session has expired', async (t) => {
  const { server, client, other } = await openTabs()
  const { types } = listenTo(other)
  await settled()
  server.endAll()
  await t.rejects(client.users.me())
  await settled()
  t.same(types(), ['initial', 'expired'])
})

t.test('what goes through the channel holds no token and nothing of the account', async (t) => {
  const { clock, client, other } = await openTabs()
  const messages: unknown[] = []
  const channel = new BroadcastChannel('rollcall:http://rollcall.test')
  channel.onmessage = ({ data }: MessageEvent) => messages.push(data)
  t.teardown(() => channel.close())
  listenTo(other)
  clock.now = 300_000
  await client.users.me()
  await client.auth.signOut()
  await client.auth.signIn(alice)
  await settled()
  t.same(messages, ['refreshed', 'signed_out', 'signed_in'])
})

t.test('what a later version may say to the other tabs does no harm', async (t) => {
  const { server, client } = await signIn({ mode: 'cookie' })
  server.on(refresh, () => problem(503, 'service_unavailable'))
  const { types } = listenTo(client)
  await client.users.me()
  const channel = new BroadcastChannel('rollcall:http://rollcall.test')
  t.teardown(() => channel.close())
  for (const message of ['locked', '', null, { type: 'signed_out' }, 'signed_outside']) {
    channel.postMessage(message)
  }
  await settled()
  t.same(types(), ['initial', 'user_updated'])
  t.equal((await client.users.me()).username, 'alice')
})

t.test('tabs that share no storage share no session', async (t) => {
  const { client, newClient } = await signIn()
  const other = newClient()
  await other.auth.signIn(alice)
  const { types } = listenTo(other)
  await settled()
  await client.auth.signOut()
  await settled()
  t.same(types(), ['initial'])
})

t.test('without BroadcastChannel the next call finds what another tab has done', async (t) => {
  const { BroadcastChannel } = globalThis
  Reflect.deleteProperty(globalThis, 'BroadcastChannel')
  t.teardown(() => Object.assign(globalThis, { BroadcastChannel }))
  const { client, other } = await openTabs()
  const { types } = listenTo(other)
  await settled()
  await client.auth.signOut()
  await t.rejects(other.users.me(), { code: 'not_authenticated' })
  await settled()
  t.same(types(), ['initial', 'signed_out'])
})

t.test('nothing is left open that would keep the process alive', async (t) => {
  const { client } = await signIn({ storage: memoryStorage() })
  const before = process.getActiveResourcesInfo().sort()
  const stop = client.auth.onChange(() => {})
  await client.auth.signOut()
  stop()
  await settled()
  t.same(process.getActiveResourcesInfo().sort(), before)
  t.ok(refresh)
})
