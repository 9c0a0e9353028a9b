import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { rateLimits } from '../../src/limits.ts'
import { createLeases } from '../../src/tallies/leases.ts'
import { createRedisTally } from '../../src/tallies/redis.ts'
import { createDatabase, notRun } from '../support/databases.ts'
import { isRedisThere, redisUrl } from '../support/redis.ts'
import { createServer as createRollcall, password, type TestServer } from '../support/server.ts'

/** More than a server waits, so that a busy machine is not taken for a Redis that is lost. */
const answerMs = 500

const { max } = rateLimits['password.set']

/** Servers on one database and one Redis, and how they come to count together or alone. */
async function createServers(t: Test, url: string, count = 2) {
  const databaseUrl = await createDatabase(t, 'sqlite')
  const secret = randomBytes(32).toString('hex')
  return Promise.all(
    Array.from({ length: count }, async () => {
      const redis = createRedisTally({ url, secret, answerMs })
      t.teardown(redis.close)
      let tell = (_isShared: boolean) => {}
      const countCall = createLeases(redis, (isShared) => tell(isShared))
      const config = { limits: 'on' as const, secret }
      const server = await createRollcall(t, { databaseUrl, countCall, config })
      const untilShared = (expected: boolean) =>
        new Promise<void>((resolve) => {
          tell = (isShared) => isShared === expected && resolve()
        })
      await redis.opened
      return { ...server, untilShared }
    }),
  )
}

/** How many of so many calls from one address are let through. */
async function passed(servers: readonly TestServer[], calls: number) {
  const answers = await Promise.all(
    Array.from({ length: calls }, (_, index) =>
      servers[index % servers.length]?.call('POST', '/api/password/set/', { body: {} }),
    ),
  )
  return answers.filter((answer) => answer?.status === 400).length
}

const signIn = ({ call }: TestServer, username: string) =>
  call('POST', '/api/token/', { body: { username, password } })

/** What stands between a server and Redis, which can be made to hang, and to be gone. */
async function createLink(t: Test) {
  const { hostname, port } = new URL(redisUrl)
  const sockets = new Set<Socket>()
  let sent = ''
  let isHanging = false
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    near.on('data', (chunk) => {
      sent += chunk.toString('latin1')
      if (!isHanging) far.write(chunk)
    })
    far.on('data', (chunk) => isHanging || near.write(chunk))
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  const listen = async (port = 0) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const own = await listen()
  t.teardown(() => {
    server.close()
    cut()
  })
  return {
    url: `redis://127.0.0.1:${own}`,
    sent: () => sent,
    hang: () => {
      isHanging = true
    },
    async go() {
      isHanging = false
      if (!server.listening) await listen(own)
      // What was sent meanwhile is lost, and with it the order of the answers.
      else cut()
    },
    async leave() {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}

if (await isRedisThere()) {
  t.test('servers count the calls of an address together', async (t) => {
    const servers = await createServers(t, redisUrl, 3)
    t.equal(await passed(servers, max + 30), max)
  })

  t.test('ASVS 14.2.4: no address is given to Redis in clear', async (t) => {
    const link = await createLink(t)
    const [server] = await createServers(t, link.url, 1)
    await server?.call('POST', '/api/password/set/', { body: {} })
    t.match(link.sent(), /rollcall:[\w-]{43}/)
    t.notMatch(link.sent(), /127\.0\.0\.1|password/)
  })

  for (const how of ['hang', 'leave'] as const) {
    const lost = { hang: 'never answers', leave: 'is gone' }[how]
    t.test(
      `ASVS 16.5.2, 16.5.3: while Redis ${lost}, people sign in, and limits hold by server`,
      async (t) => {
        const link = await createLink(t)
        const [one, other] = await createServers(t, link.url)
        if (!one || !other) throw new Error('There are no servers')
        const { username } = await one.signUp()
        t.equal(await passed([one, other], 20), 20)

        const alone = [one, other].map(({ untilShared }) => untilShared(false))
        await link[how]()
        t.match(await signIn(one, username), { status: 200 })
        t.match(await signIn(other, username), { status: 200 })
        for (const server of [one, other]) {
          const more = await passed([server], max * 2)
          t.ok(more < max && more >= max - 20, `${more} more, and the rest refused`)
        }
        await Promise.all(alone)

        const together = [one, other].map(({ untilShared }) => untilShared(true))
        await link.go()
        await Promise.all(together)
        t.match(await signIn(one, username), { status: 200 })
        t.equal(await passed([one, other], 10), 0, 'and what was counted alone counts for both')
      },
    )
  }
} else {
  notRun('limits shared through Redis (set ROLLCALL_TEST_REDIS_URL=redis://... or start one)')
}
