import { backOff } from '../../../src/limits.ts'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

const { freeFailures } = backOff.device

await onEachDatabase(async (t, database) => {
  const config = { limits: 'on', trustedProxies: '127.0.0.1' } as const
  const { call, signUp, clock, attempts } = await createServer(t, { database, config })
  await signUp('alice')
  let host = 0

  const stranger = () => {
    host += 1
    return { ip: `10.0.0.${host}`, agent: 'something' }
  }
  const signIn = (device: { ip: string; agent: string }, secret = password) =>
    call('POST', '/api/token/', {
      body: { username: 'alice', password: secret },
      headers: { 'x-forwarded-for': device.ip, 'user-agent': device.agent },
    })
  const guessUntilRefused = async (device: () => { ip: string; agent: string }) => {
    for (let count = 0; count <= freeFailures; count += 1) {
      if ((await signIn(device(), 'wrong')).status === 429) return
    }
  }
  const laptop = { ip: '2001:db8::17', agent: 'Firefox' }
  await signIn(laptop)

  await t.test('ASVS 6.1.1: others who guess do not lock a known device out', async (t) => {
    await guessUntilRefused(stranger)
    t.equal((await signIn(stranger())).status, 429, 'an unknown one has to wait')
    t.equal((await signIn(laptop)).status, 200)
    t.equal((await signIn({ ...laptop, ip: '2001:db8::99' })).status, 200, 'its network counts')
  })

  await t.test('neither the network nor the browser alone makes a device known', async (t) => {
    t.equal((await signIn({ ...laptop, agent: 'Chrome' })).status, 429)
    t.equal((await signIn({ ...laptop, ip: '2001:db8:1::17' })).status, 429)
  })

  await t.test('the success of a known device does not forgive the others', async (t) => {
    t.equal((await signIn(laptop)).status, 200)
    t.equal((await signIn(stranger())).status, 429)
  })

  await t.test('a known device that guesses has to wait like any other', async (t) => {
    await guessUntilRefused(() => laptop)
    t.equal((await signIn(laptop)).status, 429)
  })

  await t.test('a device is known when its session has ended, and for 90 days', async (t) => {
    const phone = { ip: '192.0.2.9', agent: 'Safari' }
    await signUp('bob')
    const signInBob = (secret: string, device = phone) =>
      call('POST', '/api/token/', {
        body: { username: 'bob', password: secret },
        headers: { 'x-forwarded-for': device.ip, 'user-agent': device.agent },
      })
    const { access, refresh } = (await signInBob(password)).body
    for (let count = 0; count < freeFailures; count += 1) await signInBob('wrong', stranger())
    await call('POST', '/api/logout/', { token: access, body: { refresh } })
    t.equal((await signInBob(password)).status, 200)
    for (const days of [90, 91]) {
      clock.advance(days * 86_400 - 1)
      await attempts.prune()
      for (let count = 0; count <= freeFailures; count += 1) await signInBob('wrong', stranger())
      t.equal((await signInBob(password)).status, days === 90 ? 200 : 429, `${days} days`)
    }
  })

  await t.test('ASVS 6.2.3: a wrong current password counts as a guess', async (t) => {
    const carol = await signUp('carol')
    const prove = [
      () =>
        call('POST', '/api/password/change/', {
          token: carol.access,
          body: { current_password: 'wrong', new_password: 'staple-paper-clip-42' },
        }),
      () =>
        call('PATCH', '/api/users/me/', {
          token: carol.access,
          body: { current_password: 'wrong', password: 'staple-paper-clip-42' },
        }),
      () =>
        call('POST', '/api/token/reauthenticate/', {
          token: carol.access,
          body: { password: 'wrong' },
        }),
    ]
    const statuses = []
    for (let count = 0; count <= freeFailures; count += 1) {
      statuses.push((await prove[count % prove.length]?.())?.status)
    }
    t.equal(statuses.pop(), 429)
    t.same(new Set(statuses), new Set([400]))
    for (const call of prove) t.equal((await call()).status, 429)
    const body = { username: 'carol', password }
    t.equal((await call('POST', '/api/token/', { body })).status, 429, 'signing in waits too')
  })
})
