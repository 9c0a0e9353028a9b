import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { newUser, openOn } from '../db/stores.ts'
import { createDatabase, onEachDatabase } from '../support/databases.ts'
import { redisUrl } from '../support/redis.ts'
import { createRollcall } from './rollcall.ts'
import { startServing } from './serving.ts'

const account = {
  username: 'alice',
  email: 'alice@example.com',
  password: 'correct-horse-battery',
}

await onEachDatabase(async (t, database) => {
  const databaseUrl = await createDatabase(t, database, { migrated: false })
  const rollcall = createRollcall(t, { ROLLCALL_DATABASE_URL: databaseUrl })

  await t.test('the first start makes the database, and says where everything is', async (t) => {
    const server = await startServing(rollcall)
    t.match(server.url, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/, 'the port that was free')
    for (const path of ['/', '/docs/', '/api/', '/admin/']) {
      t.match(server.said.stderr, `${server.url}${path}`)
    }
    t.match(server.said.stderr, /There is no superuser yet\. .* npm run rollcall create-superuser/)
    const index = await (await fetch(`${server.url}/api/`)).json()
    t.match(index, { register: { href: `${server.url}/api/register/` } })
    t.equal(await server.stop('SIGINT'), 0)
  })

  await t.test('the second start has nothing to do, and tells nobody what they know', async (t) => {
    const store = await openOn(t, databaseUrl)
    const root = newUser('root', { isSuperuser: true })
    await store.write((tx) => tx.insert(store.tables.users).values(root))
    const server = await startServing(rollcall)
    t.notMatch(server.said.stderr, 'superuser')
    t.notMatch(server.said.stdout, 'migrated')
    t.equal(await server.stop('SIGTERM'), 0)
  })
})

t.test('a request under way is answered before the server ends', async (t) => {
  const server = await startServing(createRollcall(t))
  const { hostname, port } = new URL(server.url)
  const body = JSON.stringify(account)
  const socket = connect(Number(port), hostname)
  socket.write(
    `POST /api/register/ HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
  )
  // The server has taken the request up when it asks for the body.
  await once(socket, 'data')
  const stopped = server.stop('SIGTERM')
  socket.write(body)
  t.match(await text(socket), /^HTTP\/1\.1 201 /)
  t.equal(await stopped, 0)
})

t.test('as the server ends, kept connections are told so by an answer, and not cut', async (t) => {
  const server = await startServing(createRollcall(t))
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  /** The answer, or nothing where the connection was cut. */
  const ask = async () => {
    socket.write(`GET /healthz HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`)
    return Promise.race([
      once(socket, 'data').then(([chunk]) => String(chunk)),
      once(socket, 'close').then(() => ''),
    ])
  }
  t.match(await ask(), /^connection: keep-alive\r$/im)
  const stopped = server.stop('SIGTERM')
  let answer: string
  do answer = await ask()
  while (/^connection: keep-alive\r$/im.test(answer))
  t.match(answer, /^HTTP\/1\.1 200 .*^connection: close\r$/ims)
  t.equal(await stopped, 0)
})

t.test('a port that is in use stops the start in one line, with the code 1', async (t) => {
  const other = createServer().listen(0, '127.0.0.1')
  t.teardown(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const { run } = createRollcall(t, { ROLLCALL_LOG_LEVEL: 'silent' })
  const kinds: Record<string, string>[] = [
    {},
    { ROLLCALL_WORKERS: '2' },
    { ROLLCALL_REDIS_URL: redisUrl },
  ]
  for (const variable of ['ROLLCALL_PORT', 'ROLLCALL_METRICS_PORT']) {
    for (const kind of kinds) {
      const env = { ROLLCALL_PORT: '0', ...kind, [variable]: `${port}` }
      t.match(await run(['serve'], { env }), {
        code: 1,
        stdout: '',
        stderr: `rollcall: Port ${port} of 127.0.0.1 is in use. Set ${variable} to another, or to 0 for any free one.\n`,
      })
    }
  }
})

t.test('another secret than that of the database stops the start', async (t) => {
  const { run } = createRollcall(t)
  const secrets = ['one secret, of the first start alone', 'another secret, of the second start']
  const [first, second] = secrets.map((secret) => ({ ROLLCALL_SECRET: secret }))
  t.match(await run(['keys', 'rotate'], { env: first }), { code: 0 })
  t.match(await run(['serve'], { env: second }), {
    code: 1,
    stderr: /^rollcall: ROLLCALL_SECRET is not the one that this database was made with: .+\n$/,
  })
})

t.test('without the secret that its keys were made with, no database is served', async (t) => {
  const { folder, run } = createRollcall(t, { ROLLCALL_PORT: '0' })
  t.match(await run(['keys', 'rotate']), { code: 0 })
  rmSync(join(folder, 'data/secret'))
  t.match(await run(['serve']), {
    code: 1,
    stdout: '',
    stderr:
      'rollcall: The secret that this database was made with is gone: there is no file data/secret. Put it back, or set ROLLCALL_SECRET.\n',
  })
  t.same(readdirSync(join(folder, 'data')), ['rollcall.db'], 'and no other is made')
})

t.test('in production a missing secret stops the start', async (t) => {
  const { run } = createRollcall(t, { ROLLCALL_ENV: 'production' })
  t.match(await run(['serve']), {
    code: 1,
    stdout: '',
    stderr: /^rollcall: ROLLCALL_SECRET is missing\. .+\n$/,
  })
})
