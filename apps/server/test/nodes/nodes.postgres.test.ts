import { once } from 'node:events'
import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import type { TokenPair } from '@rollcall/contract'
import t from 'tap'
import { backOff, rateLimits } from '../../src/limits.ts'
import { createRollcall } from '../commands/rollcall.ts'
import { startServing } from '../commands/serving.ts'
import { openOn } from '../db/stores.ts'
import { createDatabase, databaseNames, notRun } from '../support/databases.ts'
import { isRedisThere, redisUrl } from '../support/redis.ts'

const password = 'correct-horse-battery'

if (databaseNames.includes('postgres')) {
  const databaseUrl = await createDatabase(t, 'postgres', { migrated: false })
  const hasRedis = await isRedisThere()
  const rollcall = createRollcall(t, {
    ROLLCALL_DATABASE_URL: databaseUrl,
    ROLLCALL_SECRET: `the secret of the nodes ${Math.trunc(performance.timeOrigin)}`,
    ROLLCALL_PUBLIC_URL: 'https://accounts.rollcall.test',
    ...(hasRedis && { ROLLCALL_REDIS_URL: redisUrl }),
  })
  const nodes = await Promise.all([1, 2, 3].map(() => startNode()))
  const store = await openOn(t, databaseUrl)

  /** A node announces the public URL, which no test can reach. */
  async function startNode() {
    const server = await startServing(rollcall)
    for (;;) {
      const [, url] = /"msg":"Server listening at ([^"]+)"/.exec(server.said.stdout) ?? []
      if (url) return { ...server, url }
      await setTimeout(20)
    }
  }

  let turn = 0

  /** A call, each to the next node. */
  async function call(method: string, path: string, body?: object, token = '') {
    turn += 1
    const { url } = nodes[turn % nodes.length] ?? { url: '' }
    return callAt(url, method, path, body, token)
  }

  const everywhere = (method: string, path: string, body?: object, token = '') =>
    Promise.all(nodes.map(({ url }) => callAt(url, method, path, body, token)))

  const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status)

  async function signUp(username: string) {
    const account = { username, email: `${username}@example.com`, password }
    t.match(await call('POST', '/api/register/', account), { status: 201 })
    return signIn(username)
  }

  async function signIn(username: string) {
    const { status, body } = await call('POST', '/api/token/', { username, password })
    t.equal(status, 200)
    return body as TokenPair & { refresh: string }
  }

  await t.test(
    'three that start at once make the database, and know each other’s keys',
    async (t) => {
      const { access } = await signUp('alice')
      t.same(
        statuses(await everywhere('GET', '/api/users/me/', undefined, access)),
        [200, 200, 200],
      )
      const [one, ...others] = await everywhere('GET', '/.well-known/jwks.json')
      for (const other of others) t.same(other, one)
    },
  )

  await t.test('what is unique is so, whichever node is asked', async (t) => {
    const account = { username: 'bob', email: 'bob@example.com', password }
    const answers = await Promise.all(
      Array.from({ length: 9 }, () => call('POST', '/api/register/', account)),
    )
    t.same(statuses(answers).sort(), [201, ...Array(8).fill(400)])
  })

  await t.test('signing out acts on every node at once', async (t) => {
    const { access, refresh } = await signUp('carol')
    t.same(statuses(await everywhere('GET', '/api/users/me/', undefined, access)), [200, 200, 200])
    t.match(await call('POST', '/api/logout/', { refresh }, access), { status: 205 })
    t.same(statuses(await everywhere('GET', '/api/users/me/', undefined, access)), [401, 401, 401])
    t.same(statuses(await everywhere('POST', '/api/token/refresh/', { refresh })), [401, 401, 401])
  })

  await t.test('a refresh token has one successor, and its reuse ends the session', async (t) => {
    const first = await signUp('dave')
    const answers = await everywhere('POST', '/api/token/refresh/', { refresh: first.refresh })
    t.same(statuses(answers), [200, 200, 200])
    const successors = new Set(answers.map(({ body }) => (body as TokenPair).refresh))
    t.equal(successors.size, 1)
    const [refresh] = successors
    const next = await call('POST', '/api/token/refresh/', { refresh: refresh ?? '' })
    t.equal(next.status, 200)
    t.match(await call('POST', '/api/token/refresh/', { refresh: first.refresh }), { status: 401 })
    const { access } = next.body as TokenPair
    t.same(statuses(await everywhere('GET', '/api/users/me/', undefined, access)), [401, 401, 401])
  })

  await t.test('ASVS 6.3.1: wrong passwords are counted once for all nodes', async (t) => {
    const wrong = { username: 'bob', password: 'a-wrong-password' }
    const answers = await Promise.all(
      Array.from({ length: 24 }, () => call('POST', '/api/token/', wrong)),
    )
    const verified = answers.filter(({ status }) => status === 401)
    t.equal(verified.length, backOff.account.freeFailures)
    t.same(statuses(await everywhere('POST', '/api/token/', wrong)), [429, 429, 429])
  })

  if (hasRedis) {
    await t.test(
      'ASVS 2.4.1: through Redis the calls of an address are counted once',
      async (t) => {
        const { max } = rateLimits['password.set']
        const answers = await Promise.all(
          Array.from({ length: max + 30 }, () => call('POST', '/api/password/set/', {})),
        )
        // A busy machine may take Redis for lost, and then each node counts alone. It says so before
        // it notes the call, but by a pipe, which may be slower than the answer.
        const noted = () =>
          nodes.flatMap(({ said }) => said.stdout.match(/"path":"\/api\/password\/set\/"/g) ?? [])
        while (noted().length < answers.length) await setTimeout(20)
        const isShared = nodes.every(({ said }) => !said.stdout.includes('by each process alone'))
        const through = answers.filter(({ status }) => status === 400).length
        t.equal(isShared ? through : max, max)
      },
    )
  } else notRun('limits of several nodes (set ROLLCALL_TEST_REDIS_URL=redis://... or start Redis)')

  await t.test('a key that takes the place of all others does so on every node', async (t) => {
    const { access } = await signIn('alice')
    t.match(await rollcall.run(['keys', 'rotate', '--now']), { code: 0 })
    const isOut = async () =>
      (await everywhere('GET', '/api/users/me/', undefined, access)).every(
        ({ status }) => status === 401,
      )
    while (!(await isOut())) await setTimeout(100)
    const renewed = await signIn('alice')
    const answers = await everywhere('GET', '/api/users/me/', undefined, renewed.access)
    t.same(statuses(answers), [200, 200, 200])
  })

  await t.test('a node that is killed takes nothing with it', async (t) => {
    const { access, refresh } = await signIn('alice')
    await nodes.pop()?.stop('SIGKILL')
    t.same(statuses(await everywhere('GET', '/api/users/me/', undefined, access)), [200, 200])
    t.match(await call('POST', '/api/token/refresh/', { refresh }), { status: 200 })
  })

  await t.test('ASVS 16.4.2: the audit trail of all nodes is one chain', async (t) => {
    const { auditUnsealed, auditSeals } = store.tables
    while ((await store.read.$count(auditUnsealed)) > 0) await setTimeout(50)
    const seals = await store.read.select().from(auditSeals).orderBy(auditSeals.position)
    t.same(
      seals.map(({ position }) => position),
      Array.from({ length: seals.length }, (_, index) => index + 1),
    )
    t.match(await rollcall.run(['audit', 'verify']), { code: 0, stdout: /, intact\./ })
    for (const { said } of nodes) t.notMatch(said.stdout, 'a recurring job failed')
  })

  await t.test('each node ends in good order', async (t) => {
    t.same(await Promise.all(nodes.map(({ stop }) => stop())), [0, 0])
  })
}

async function callAt(url: string, method: string, path: string, body?: object, token = '') {
  const sent = request(url + path, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  })
  sent.end(body && JSON.stringify(body))
  const [response] = await once(sent, 'response')
  if (response.statusCode !== 205)
    return { status: response.statusCode, body: await json(response) }
  response.resume()
  return { status: 205, body: undefined }
}
