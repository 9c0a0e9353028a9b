import { backOff } from '../../../src/limits.ts'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

const { freeFailures, windowSeconds } = backOff.address

await onEachDatabase(async (t, database) => {
  const config = { limits: 'on', trustedProxies: '127.0.0.1' } as const
  const { call, signUp, clock } = await createServer(t, { database, config })
  let names = 0

  const signIn = (ip: string, username: string, secret = password) =>
    call('POST', '/api/token/', {
      body: { username, password: secret },
      headers: { 'x-forwarded-for': ip },
    })
  /** A name that nobody has tried, as who sprays one password over many accounts does. */
  const spray = async (ip: string) => {
    names += 1
    return (await signIn(ip, `name${names}`)).status
  }

  await t.test('ASVS 6.3.1: an address that tries many names has to wait', async (t) => {
    for (let count = 0; count < freeFailures; count += 1) t.equal(await spray('192.0.2.1'), 401)
    const answer = await signIn('192.0.2.1', 'another')
    t.equal(answer.status, 429)
    t.equal(answer.headers['retry-after'], '1')
    t.equal(await spray('192.0.2.2'), 401, 'its neighbour does not')
    for (const seconds of [1, 2, 4, 8]) {
      clock.advance(seconds)
      t.equal(await spray('192.0.2.1'), 401)
      t.equal(await spray('192.0.2.1'), 429, 'twice as long as before')
    }
  })

  await t.test('of 100 parallel guesses no more are verified than are free', async (t) => {
    const statuses = await Promise.all(Array.from({ length: 100 }, () => spray('192.0.2.50')))
    t.equal(statuses.filter((status) => status === 401).length, freeFailures)
    t.equal(statuses.filter((status) => status === 429).length, 100 - freeFailures)
  })

  await t.test('one network of IPv6 (/64) is one address', async (t) => {
    const statuses = []
    for (let count = 0; count <= freeFailures; count += 1) {
      statuses.push(await spray(`2001:db8:0:1:${count}::1`))
    }
    t.equal(statuses.pop(), 429)
    t.same(new Set(statuses), new Set([401]))
    t.equal(await spray('2001:db8:0:2::1'), 401, 'the next network')
    for (let count = 0; count < freeFailures; count += 1) await spray('::ffff:192.0.2.60')
    t.equal(await spray('192.0.2.60'), 429)
  })

  await t.test('a minute later the counting starts anew', async (t) => {
    for (let count = 1; count < freeFailures; count += 1) await spray('192.0.2.70')
    clock.advance(windowSeconds)
    for (let count = 0; count < 3; count += 1) t.equal(await spray('192.0.2.70'), 401)
  })

  await t.test('many people behind one address sign in together', async (t) => {
    await signUp('alice')
    const typos = freeFailures / 2
    for (let count = 0; count < typos; count += 1) await spray('192.0.2.80')
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => signIn('192.0.2.80', 'alice')),
    )
    t.same(new Set(answers.map(({ status }) => status)), new Set([200]))
    for (let count = typos; count < freeFailures; count += 1) {
      t.equal(await spray('192.0.2.80'), 401)
    }
    t.equal(await spray('192.0.2.80'), 429, 'and their success forgives nobody’s guesses')
  })
})
