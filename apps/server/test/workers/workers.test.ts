import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import type { TokenPair } from '@rollcall/contract'
import t from 'tap'
import { backOff, rateLimits } from '../../src/limits.ts'
import { createRollcall } from '../commands/rollcall.ts'
import { startServing } from '../commands/serving.ts'
import { openOn } from '../db/stores.ts'
import { createDatabase } from '../support/databases.ts'

const account = {
  username: 'alice',
  email: 'alice@example.com',
  password: 'correct-horse-battery',
}

/** One call on a connection of its own, which any worker may get. */
async function call(url: string, method: string, path: string, body?: object, token = '') {
  const sent = request(`${url}${path}`, {
    method,
    agent: false,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  })
  sent.end(body && JSON.stringify(body))
  const [response] = await once(sent, 'response')
  const isEmpty = response.statusCode === 205
  if (isEmpty) response.resume()
  return { status: response.statusCode, body: isEmpty ? undefined : await json(response) }
}

const times = <T>(count: number, work: () => Promise<T>) =>
  Promise.all(Array.from({ length: count }, work))

await t.test('two workers on one database', async (t) => {
  const databaseUrl = await createDatabase(t, 'sqlite')
  const rollcall = createRollcall(t, { ROLLCALL_DATABASE_URL: databaseUrl, ROLLCALL_WORKERS: '2' })
  const server = await startServing(rollcall, { ROLLCALL_METRICS_PORT: '0' })
  const { url, said } = server
  const lines = () =>
    said.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  const pids = () => [
    ...new Set(lines().flatMap(({ msg, pid }) => (msg?.startsWith('Server listening') ? pid : []))),
  ]

  await t.test('say once where they serve, and share the connections', async (t) => {
    t.equal(said.stderr.match(/Rollcall serves/g)?.length, 1)
    // What they have said comes by a pipe of its own.
    while (pids().length < 2) await setTimeout(20)
    const servedBy = () => new Set(lines().flatMap(({ msg, pid }) => (msg === 'served' ? pid : [])))
    while (servedBy().size < 2) t.match(await call(url, 'GET', '/healthz'), { status: 200 })
  })

  await t.test('know each other’s sessions, and that one has ended, at once', async (t) => {
    t.match(await call(url, 'POST', '/api/register/', account), { status: 201 })
    const { body } = await call(url, 'POST', '/api/token/', account)
    const { access, refresh } = body as TokenPair
    const me = () => call(url, 'GET', '/api/users/me/', undefined, access)
    for (const { status } of await times(12, me)) t.equal(status, 200)
    t.match(await call(url, 'POST', '/api/logout/', { refresh }, access), { status: 205 })
    for (const { status } of await times(12, me)) t.equal(status, 401)
  })

  let through = 0

  await t.test('count wrong passwords together, and the calls of an address', async (t) => {
    const wrong = { ...account, password: 'a-wrong-password' }
    const attempts = await times(12, () => call(url, 'POST', '/api/token/', wrong))
    const verified = attempts.filter(({ status }) => status === 401)
    t.equal(verified.length, backOff.account.freeFailures)
    const { max } = rateLimits['password.set']
    const calls = await times(max + 20, () => call(url, 'POST', '/api/password/set/', {}))
    // On a busy machine the primary may answer too late, and then each worker counts alone. It says
    // so before it notes the call, but by a pipe, which may be slower than the answer.
    const noted = () => said.stdout.match(/"operation":"password\.set"/g) ?? []
    while (noted().length < calls.length) await setTimeout(20)
    const isShared = !said.stdout.includes('by each process alone')
    through = calls.filter(({ status }) => status === 400).length
    t.equal(isShared ? through : max, max)
    t.equal(calls.filter(({ status }) => status === 429).length, calls.length - through)
  })

  await t.test('tell their metrics together', async (t) => {
    const { address } = lines().find(({ msg }) => msg === 'serving /metrics')
    const text = await (await fetch(`http://127.0.0.1:${address.port}/metrics`)).text()
    t.match(text, 'rollcall_http_requests_total{operation="register",status="201"} 1\n')
    const count = `rollcall_http_requests_total{operation="password.set",status="400"} ${through}\n`
    t.match(text, count)
  })

  await t.test('one that is killed is replaced, and what recurs goes on', async (t) => {
    const store = await openOn(t, databaseUrl)
    const [first = 0] = pids()
    process.kill(first, 'SIGKILL')
    while (pids().length < 3) {
      // Only what the killed one had taken is lost.
      const answer = await call(url, 'GET', '/readyz').catch(({ code }) => code)
      if (answer !== 'ECONNRESET') t.match(answer, { status: 200 })
      await setTimeout(20)
    }
    const other = { ...account, username: 'bob', email: 'bob@example.com' }
    t.match(await call(url, 'POST', '/api/register/', other), { status: 201 })
    const unsealed = () => store.read.$count(store.tables.auditUnsealed)
    while ((await unsealed()) > 0) await setTimeout(50)
    t.match(said.stdout, '"signal":"SIGKILL","msg":"a worker has died"')
  })

  await t.test('all are replaced that die at the same moment', async (t) => {
    const before = pids()
    for (const pid of before.slice(-2)) process.kill(pid, 'SIGKILL')
    while (pids().length < before.length + 2) await setTimeout(20)
    t.match(await call(url, 'GET', '/readyz'), { status: 200 })
  })

  await t.test('answer all that reaches them, and say farewell on each connection', async (t) => {
    let answered = 0
    const clients = times(8, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      for (let isOpen = true; isOpen; answered += 1) {
        const sent = request(`${url}/readyz`, { agent }).end()
        const [response] = await once(sent, 'response')
        t.equal(response.statusCode, 200)
        t.same(await json(response), { status: 'ok' })
        isOpen = response.headers.connection === 'keep-alive'
      }
      agent.destroy()
    })
    while (answered < 50) await setTimeout(5)
    t.equal(await server.stop('SIGTERM'), 0)
    await clients
    t.equal(said.stdout.match(/a worker has died/g)?.length, 3, 'those that were killed')
    t.notMatch(said.stdout, 'stopping failed')
    for (const pid of pids()) t.throws(() => process.kill(Number(pid), 0), { code: 'ESRCH' })
  })
})

t.test('what stops a start is said once, whichever process finds it', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  t.teardown(() => taken.close())
  await once(taken, 'listening')
  const { run } = createRollcall(t, { ROLLCALL_WORKERS: '2', ROLLCALL_LOG_LEVEL: 'error' })
  const { port } = taken.address() as AddressInfo
  t.match(await run(['serve'], { env: { ROLLCALL_PORT: `${port}` } }), {
    code: 1,
    stdout: '',
    stderr: /^rollcall: Port \d+ of 127\.0\.0\.1 is in use\. [^\n]+\n$/,
  })
  const secrets = ['one secret, of the first start alone', 'another secret, of the second start']
  const [first, second] = secrets.map((secret) => ({ ROLLCALL_SECRET: secret, ROLLCALL_PORT: '0' }))
  t.match(await run(['keys', 'rotate'], { env: first }), { code: 0 })
  t.match(await run(['serve'], { env: second }), {
    code: 1,
    stdout: '',
    stderr: /^rollcall: ROLLCALL_SECRET is not the one that this database was made with: [^\n]+\n$/,
  })
})

t.test('without its primary no worker stays', async (t) => {
  const rollcall = createRollcall(t, { ROLLCALL_WORKERS: '2' })
  const { said, stop } = await startServing(rollcall)
  await stop('SIGKILL')
  const pids = said.stdout.match(/(?<="pid":)\d+(?=,"hostname":"[^"]*","msg":"Server listening)/g)
  t.equal(pids?.length, 2)
  for (const pid of pids ?? []) await untilGone(Number(pid))
})

/** Ends with the process; a test that waits in vain fails by its time limit. */
async function untilGone(pid: number): Promise<void> {
  try {
    process.kill(pid, 0)
  } catch {
    return
  }
  await setTimeout(20)
  return untilGone(pid)
}
