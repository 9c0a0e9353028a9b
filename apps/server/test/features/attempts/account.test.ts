import { backOff, knownDeviceSeconds, waits } from '../../../src/limits.ts'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

const { freeFailures, windowSeconds } = backOff.account

await onEachDatabase(async (t, database) => {
  const config = { limits: 'on', trustedProxies: '127.0.0.1' } as const
  const server = await createServer(t, { database, config })
  const { call, signUp, clock, store } = server
  let host = 0

  /** From an address that nobody has used, so that only the account is counted. */
  const signIn = (username: string, secret: string) => {
    host += 1
    return call('POST', '/api/token/', {
      body: { username, password: secret },
      headers: { 'x-forwarded-for': `10.0.${host >> 8}.${host & 255}` },
    })
  }
  const guess = (username: string) => signIn(username, 'a wrong one')
  const guessFreely = async (username: string) => {
    for (let count = 0; count < freeFailures; count += 1) await guess(username)
  }
  const countEvents = async (action: string) =>
    (await store.read.select().from(store.tables.auditEvents)).filter(
      (event) => event.action === action,
    ).length

  await t.test('ASVS 6.1.1, 6.3.1: so many failures are free as is documented', async (t) => {
    await signUp('alice')
    for (const name of ['alice', 'nobody']) {
      for (let count = 0; count < freeFailures; count += 1) {
        t.equal((await guess(name)).status, 401)
      }
      const answer = await guess(name)
      t.equal(answer.status, 429)
      t.equal(answer.body.code, 'throttled')
      t.equal(answer.headers['retry-after'], '1')
    }
    t.equal((await signIn('alice', password)).status, 429, 'the right one has to wait too')
  })

  await t.test('each further failure doubles the wait, up to 15 minutes', async (t) => {
    await guessFreely('patience')
    const expected = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    t.equal(expected.at(-1), waits.longestSeconds)
    for (const seconds of expected) {
      clock.advance(seconds - 1)
      t.equal((await guess('patience')).headers['retry-after'], '1')
      clock.advance(1)
      t.equal((await guess('patience')).status, 401, `${seconds} s`)
    }
  })

  await t.test('the right password forgets the failures', async (t) => {
    await signUp('carol')
    for (let round = 0; round < 3; round += 1) {
      for (let count = 1; count < freeFailures; count += 1) await guess('carol')
      t.equal((await signIn('carol', password)).status, 200)
    }
  })

  await t.test('so does a day without any', async (t) => {
    await guessFreely('sleeper')
    clock.advance(windowSeconds + waits.firstSeconds)
    for (let count = 0; count < freeFailures; count += 1) {
      t.equal((await guess('sleeper')).status, 401)
    }
    t.equal((await guess('sleeper')).status, 429)
  })

  await t.test('of 50 parallel guesses as many are verified as are free', async (t) => {
    await signUp('dave')
    const names = { dave: ['dave', 'DAVE', 'dave@example.com'], nobody: ['ghost', 'GHOST'] }
    for (const spellings of Object.values(names)) {
      const before = await countEvents('sign_in.failed')
      const guesses = Array.from({ length: 50 }, (_, index) =>
        guess(spellings[index % spellings.length] ?? ''),
      )
      const statuses = (await Promise.all(guesses)).map(({ status }) => status)
      t.equal(statuses.filter((status) => status === 401).length, freeFailures)
      t.equal(statuses.filter((status) => status === 429).length, 50 - freeFailures)
      t.equal((await countEvents('sign_in.failed')) - before, freeFailures)
    }
  })

  await t.test('50 parallel sign-ins with the right password are all let in', async (t) => {
    await signUp('erin')
    const answers = await Promise.all(Array.from({ length: 50 }, () => signIn('erin', password)))
    t.same(new Set(answers.map(({ status }) => status)), new Set([200]))
  })

  await t.test(
    'ASVS 16.3.1, 16.3.3: one event for each wait, however many are refused',
    async (t) => {
      await guessFreely('mallory')
      const before = await countEvents('sign_in.throttled')
      await Promise.all(Array.from({ length: 20 }, () => guess('mallory')))
      t.equal((await countEvents('sign_in.throttled')) - before, 1)
      clock.advance(1)
      await guess('mallory')
      await guess('mallory')
      t.equal((await countEvents('sign_in.throttled')) - before, 2)
    },
  )

  await t.test('the table holds no name and no address', async (t) => {
    const rows = await store.read.select().from(store.tables.attempts)
    t.ok(rows.length > 5)
    t.notMatch(JSON.stringify(rows), /nobody|mallory|10\.0\./)
  })

  await t.test('what is forgotten is deleted, in batches', async (t) => {
    clock.advance(windowSeconds + waits.longestSeconds)
    await server.attempts.prune()
    await guess('forgotten')
    const before = await store.read.$count(store.tables.attempts)
    clock.advance(windowSeconds)
    t.equal(await server.attempts.prune(), 0)
    clock.advance(waits.longestSeconds)
    t.equal(await server.attempts.prune(), 2, 'of the name and the address')
    clock.advance(knownDeviceSeconds)
    t.equal(await server.attempts.prune(), before - 2, 'of devices')
    t.equal(await store.read.$count(store.tables.attempts), 0)
  })

  await t.test('what fails on our side is no failure of the person', async (t) => {
    const by = { ip: '192.0.2.1', userAgent: null, requestId: null }
    const fail = { verify: () => Promise.reject(new Error('full')), accept: async () => true }
    for (let count = 0; count < freeFailures * 2; count += 1) {
      const attempt = server.attempts.prove({ user: undefined, name: 'unlucky', by }, fail)
      await t.rejects(attempt, { message: 'full' })
    }
    t.equal((await guess('unlucky')).status, 401)
  })

  await t.test('nothing waits where the limits are off', async (t) => {
    const { call } = await createServer(t, { database })
    const body = { username: 'nobody', password: 'wrong' }
    for (let count = 0; count < freeFailures + 3; count += 1) {
      t.equal((await call('POST', '/api/token/', { body })).status, 401)
    }
  })
})
