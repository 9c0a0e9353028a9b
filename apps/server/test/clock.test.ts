import { backOff, waits } from '../src/limits.ts'
import { onEachDatabase } from './support/databases.ts'
import { createServer, password } from './support/server.ts'

const year = 365 * 86_400

await onEachDatabase(async (t, database) => {
  const signIn = { username: 'alice', password }

  await t.test(
    'a server whose clock is set back before its first key signs people in',
    async (t) => {
      const { call, signUp, clock } = await createServer(t, { database })
      await signUp('alice')
      clock.advance(-year)
      const { status, body } = await call('POST', '/api/token/', { body: signIn })
      t.equal(status, 200)
      t.equal((await call('GET', '/api/users/me/', { token: body.access })).status, 200)
    },
  )

  await t.test('what a wrong clock has counted holds nobody up once it is right', async (t) => {
    const { call, signUp, clock } = await createServer(t, { database, config: { limits: 'on' } })
    await signUp('alice')
    const guess = () =>
      call('POST', '/api/token/', { body: { ...signIn, password: 'a wrong one' } })
    clock.advance(year)
    for (let count = 0; count < backOff.account.freeFailures; count += 1) await guess()
    t.equal((await guess()).status, 429)
    clock.advance(-year)
    t.equal((await call('POST', '/api/token/', { body: signIn })).status, 200)

    for (let count = 0; count < backOff.account.freeFailures; count += 1) await guess()
    const { status, headers } = await guess()
    t.equal(status, 429, 'and it counts again')
    t.equal(headers['retry-after'], '1')
  })

  await t.test(
    'an address is not held up by failures that a wrong clock has begun to count',
    async (t) => {
      const { call, signUp, clock } = await createServer(t, { database, config: { limits: 'on' } })
      await signUp('alice')
      clock.advance(waits.longestSeconds - 60)
      await call('POST', '/api/token/', { body: { ...signIn, password: 'a wrong one' } })
      clock.advance(60 - waits.longestSeconds)
      t.equal((await call('POST', '/api/token/', { body: signIn })).status, 200)
    },
  )

  await t.test(
    'ASVS 7.3.2: a session that a wrong clock has opened ends with the mistake',
    async (t) => {
      const { call, signUp, clock } = await createServer(t, { database })
      await signUp('alice')
      clock.advance(year)
      const { body: wrong } = await call('POST', '/api/token/', { body: signIn })
      clock.advance(-year)
      const { body: right } = await call('POST', '/api/token/', { body: signIn })
      const { refresh } = wrong
      t.equal((await call('POST', '/api/token/verify/', { body: { token: refresh } })).status, 401)
      t.equal((await call('POST', '/api/token/refresh/', { body: { refresh } })).status, 401)
      const { body } = await call('GET', '/api/sessions/', { token: right.access })
      t.equal(body.results.length, 2, 'of today alone')
    },
  )

  await t.test(
    'a link that was made by a wrong clock does not work when it is right',
    async (t) => {
      const { call, signUp, clock } = await createServer(t, { database })
      const { id } = await signUp('alice')
      await signUp('root', { is_superuser: true })
      clock.advance(year)
      const credentials = { username: 'root', password }
      const { body: root } = await call('POST', '/api/token/', { body: credentials })
      const path = `/api/users/${id}/password-link/`
      const { status, body: link } = await call('POST', path, { token: root.access })
      t.equal(status, 201)
      clock.advance(-year)
      const [, token] = link.url.split('#')
      const body = { token, new_password: 'staple-paper-clip-42' }
      t.equal((await call('POST', '/api/password/set/', { body })).status, 400)
      t.equal((await call('POST', '/api/token/', { body: signIn })).status, 200, 'nothing is set')
    },
  )
})
