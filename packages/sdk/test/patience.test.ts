import t from 'tap'
import { json, problem } from './fake-server.ts'
import { me, refresh, signIn } from './sign-in.ts'

const tokenLifeMs = 300_000

t.test('after a renewal has failed, those that follow fail alike and send nothing', async (t) => {
  const { server, clock, client } = await signIn()
  server.on(refresh, () => problem(503, 'service_unavailable'))
  clock.now = tokenLifeMs
  await t.rejects(client.users.me(), { operation: 'users.me', code: 'service_unavailable' })
  const sent = server.requests.length
  await t.rejects(client.users.me(), { operation: 'users.me', code: 'service_unavailable' })
  t.equal(server.requests.length, sent)
})

t.test('the pause doubles with each failure, up to 30 seconds', async (t) => {
  const { server, clock, client } = await signIn()
  server.on(refresh, () => problem(503, 'service_unavailable'))
  clock.now = tokenLifeMs
  await t.rejects(client.users.me())
  for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
    const sent = server.count(refresh)
    clock.now += seconds * 1_000 - 1
    await t.rejects(client.users.me())
    t.equal(server.count(refresh), sent, `not yet after ${seconds} s`)
    clock.now += 1
    await t.rejects(client.users.me())
    t.ok(server.count(refresh) > sent, `but then, after ${seconds} s`)
  }
})

t.test('a pause that the server asks for is kept', async (t) => {
  const { server, clock, client } = await signIn()
  server.on(refresh, () => {
    const answer = problem(429, 'throttled')
    answer.headers.set('retry-after', '45')
    return answer
  })
  clock.now = tokenLifeMs
  await t.rejects(client.users.me(), { code: 'throttled' })
  clock.now += 44_999
  await t.rejects(client.users.me(), { code: 'throttled' })
  t.equal(server.count(refresh), 1)
})

t.test('but for a minute at most', async (t) => {
  const { server, clock, client } = await signIn()
  let fails = true
  server.on(refresh, (request, before) => {
    if (!fails) return before(request)
    return new Response('', { status: 503, headers: { 'retry-after': '86400' } })
  })
  clock.now = tokenLifeMs
  await t.rejects(client.users.me(), { code: 'unknown' })
  fails = false
  clock.now += 60_000
  t.equal((await client.users.me()).username, 'alice')
})

t.test('a clock that is set back does not prolong the pause', async (t) => {
  const { server, clock, client } = await signIn()
  let fails = true
  server.on(refresh, (request, before) =>
    fails ? problem(503, 'service_unavailable') : before(request),
  )
  clock.now = 3_600_000
  await t.rejects(client.users.me())
  fails = false
  clock.now = tokenLifeMs
  t.equal((await client.users.me()).username, 'alice')
})

t.test('a token that is still good is sent, and its renewal still pauses', async (t) => {
  const { server, clock, client } = await signIn()
  server.on(refresh, () => problem(503, 'service_unavailable'))
  clock.now = tokenLifeMs - 900
  for (let call = 0; call < 10; call += 1) await client.users.me()
  t.equal(server.count(refresh), 3, 'for one renewal')
  t.equal(server.count(me), 10)
})

t.test('signing in ends the pause', async (t) => {
  const { server, clock, client } = await signIn()
  server.on(refresh, () => problem(503, 'service_unavailable'))
  clock.now = tokenLifeMs
  await t.rejects(client.users.me())
  await client.auth.signIn({ username: 'bob', password: 'staple-paper-clip' })
  t.equal((await client.users.me()).username, 'bob')
})

t.test('a server that refuses what it has just answered is not asked over and over', async (t) => {
  const { server, clock, client } = await signIn()
  let isMad = true
  server.on(me, (request, before) => (isMad ? problem(401, 'token_not_valid') : before(request)))
  for (let call = 0; call < 100; call += 1) {
    await t.rejects(client.users.me(), { code: 'token_not_valid' })
    clock.now += 10
  }
  t.equal(server.count(refresh), 3)
  t.equal(await client.auth.isSignedIn(), true, 'which ends no session')

  clock.now += 30_000
  await t.rejects(client.users.me(), { code: 'token_not_valid' })
  t.equal(server.count(refresh), 4, 'it is tried again later')

  isMad = false
  t.equal((await client.users.me()).username, 'alice')
  server.refuseAccess()
  t.equal((await client.users.me()).username, 'alice', 'and all is well when it has recovered')
})

t.test('tokens without a life are not renewed before every call', async (t) => {
  const { server, client } = await signIn()
  server.on(refresh, async (request, before) => {
    const pair = (await (await before(request)).json()) as object
    return json(200, { ...pair, expires_in: 0 })
  })
  server.refuseAccess()
  for (let call = 0; call < 20; call += 1) await client.users.me()
  t.equal(server.count(refresh), 1)
})
