import { onEachDatabase } from '../../support/databases.ts'
import { createServer } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const { call, signUp, clock } = await createServer(t, { database })
  const alice = await signUp('alice')
  const verify = (token: string) => call('POST', '/api/token/verify/', { body: { token } })
  const refresh = (token: string) =>
    call('POST', '/api/token/refresh/', { body: { refresh: token } })

  await t.test('200 with an empty object for a token that would be accepted now', async (t) => {
    for (const token of [alice.access, alice.refresh]) {
      const answer = await verify(token)
      t.equal(answer.status, 200)
      t.same(answer.body, {})
    }
  })

  await t.test('looking at a refresh token does not spend it', async (t) => {
    await verify(alice.refresh)
    t.equal((await refresh(alice.refresh)).status, 200)
  })

  await t.test('401 for spent, expired and made-up tokens', async (t) => {
    clock.advance(11)
    t.equal((await verify(alice.refresh)).status, 401, 'spent')
    clock.advance(289)
    t.equal((await verify(alice.access)).status, 401, 'expired')
    const garbage = await verify('garbage')
    t.equal(garbage.status, 401)
    t.equal(garbage.body.code, 'token_not_valid')
  })

  await t.test('401 for both tokens once the session has ended', async (t) => {
    const bob = await signUp('bob')
    await call('POST', '/api/logout/', { token: bob.access, body: { refresh: bob.refresh } })
    t.equal((await verify(bob.access)).status, 401)
    t.equal((await verify(bob.refresh)).status, 401)
  })
})
