import { onEachDatabase } from '../../support/databases.ts'
import { createServer, type TestServer } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const one = await createServer(t, { database })
  const two = await createServer(t, { databaseUrl: one.databaseUrl })
  const both = [one, two]
  // The second was made a moment later, which may be a second on a busy machine.
  two.clock.advance((one.clock.now().getTime() - two.clock.now().getTime()) / 1_000)
  const advance = (seconds: number) => {
    for (const { clock } of both) clock.advance(seconds)
  }
  const alice = await one.signUp('alice')
  const first = kidOf(alice.access)

  await t.test('two servers on one database accept each other’s tokens', async (t) => {
    t.equal(await statusOf(two, alice.access), 200)
    t.equal(await statusOf(one, await renew(two)), 200)
  })

  await t.test('the next key is published at once by both, and does not sign yet', async (t) => {
    const { id } = await one.keys.rotate()
    for (const server of both) {
      t.same(await publishedBy(server), [id, first])
      await server.accessTokens.reload()
      t.equal(kidOf(await renew(server)), first)
    }
  })

  await t.test('when it signs, no token is refused: neither the new nor the old', async (t) => {
    // The clocks of the two started some seconds apart.
    advance(240)
    const old = await renew(two)
    t.equal(kidOf(old), first)
    advance(60)
    const young = await renew(one)
    t.not(kidOf(young), first)
    for (const server of both) {
      t.equal(await statusOf(server, old), 200)
      t.equal(await statusOf(server, young), 200)
    }
  })

  await t.test('a server that has not heard of a key finds it when a token names it', async (t) => {
    await one.keys.rotate()
    await one.accessTokens.reload()
    advance(300)
    t.equal(await statusOf(two, await renew(one)), 200)
  })

  await t.test('of many at once with a key that is new to a server, none is refused', async (t) => {
    await one.keys.rotate()
    await one.accessTokens.reload()
    advance(300)
    const access = await renew(one)
    const statuses = await Promise.all(Array.from({ length: 16 }, () => statusOf(two, access)))
    t.same(new Set(statuses), new Set([200]))
  })

  await t.test('the old key is published until its last token has expired', async (t) => {
    advance(361)
    for (const server of both) t.notOk((await publishedBy(server)).includes(first))
  })

  await t.test(
    'a replaced key is refused at once, though its tokens have not expired',
    async (t) => {
      const stolen = await renew(one)
      const { id } = await one.keys.replace()
      for (const server of both) {
        await server.accessTokens.reload()
        t.same(await publishedBy(server), [id])
        t.equal(await statusOf(server, stolen), 401)
        const access = await renew(server)
        t.equal(kidOf(access), id)
        t.equal(await statusOf(server, access), 200)
      }
    },
  )

  /** The next access token of the session, from one of the servers. */
  async function renew(server: TestServer): Promise<string> {
    const { body } = await server.call('POST', '/api/token/refresh/', {
      body: { refresh: alice.refresh },
    })
    alice.refresh = body.refresh
    return body.access
  }
})

async function statusOf(server: TestServer, token: string): Promise<number> {
  return (await server.call('GET', '/api/users/me/', { token })).status
}

async function publishedBy(server: TestServer): Promise<string[]> {
  const { body } = await server.call('GET', '/.well-known/jwks.json')
  return body.keys.map(({ kid }: { kid: string }) => kid)
}

function kidOf(token: string): string {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
}
