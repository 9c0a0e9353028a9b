import { startTestServer } from '@rollcall/sdk/testing'
import t from 'tap'
import { cli } from './support/cli.ts'

const command = [process.execPath, cli, 'test-server', '--json']
const env = { NODE_OPTIONS: '' }

t.test('the tests of a product run against the real server', async (t) => {
  const server = await startTestServer({ command, env })
  t.teardown(() => server.close())

  const admin = await server.signIn('admin')
  t.same(
    (await admin.users.list({ ordering: 'username' })).results.map(({ username }) => username),
    ['admin', 'alice', 'bob'],
  )
  await t.rejects(server.createClient().users.me(), { code: 'not_authenticated' })

  const carol = await server.createUser({ username: 'carol', is_staff: true })
  t.match(carol, { username: 'carol', email: 'carol@example.com', is_staff: true })
  const asCarol = await server.signIn('carol')
  t.equal((await asCarol.users.me()).id, carol.id)

  await server.advance(301)
  t.equal((await asCarol.users.me()).id, carol.id, 'its clients share its clock, and renew')
  t.same(await server.mails(), [])

  await server.reset()
  await t.rejects(asCarol.users.me(), { name: 'ApiError' })
  t.equal((await (await server.signIn('alice')).users.me()).username, 'alice')
})

t.test('what an Idempotency-Key makes is made once', async (t) => {
  const server = await startTestServer({ command, env })
  t.teardown(() => server.close())
  const admin = await server.signIn('admin')
  let isLost = true
  const client = await server.signIn('admin', {
    fetch: async (url, init) => {
      const response = await fetch(url, init)
      if (!isLost || !url.endsWith('/api/users/')) return response
      isLost = false
      throw new TypeError('the answer is lost')
    },
  })
  const body = { username: 'dave', email: 'dave@example.com' }
  const dave = await client.users.create(body)
  t.equal(dave.username, 'dave', 'which was made by the request whose answer was lost')
  t.equal(isLost, false)
  t.equal((await admin.users.list({ username: 'dave' })).results[0]?.id, dave.id)
})

t.test('a command that cannot be started says what is missing', async (t) => {
  await t.rejects(startTestServer({ command: ['rollcall-is-not-here'] }), {
    message: /Install the Rollcall server/,
  })
  const refused = startTestServer({ command, env: { ...env, ROLLCALL_ENV: 'production' } })
  await t.rejects(refused, { message: /ended with 1: .*production/ })
})
