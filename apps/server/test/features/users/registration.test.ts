import { onEachDatabase } from '../../support/databases.ts'
import { createServer, password } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const body = { username: 'alice', email: 'alice@example.com', password }

  await t.test('201 for everybody where registration is open, as it is by default', async (t) => {
    const { call } = await createServer(t, { database })
    t.equal((await call('POST', '/api/register/', { body })).status, 201)
  })

  for (const registration of ['invite', 'closed'] as const) {
    await t.test(`403 for everybody where registration is ${registration}`, async (t) => {
      const { call, store } = await createServer(t, { database, config: { registration } })
      const answer = await call('POST', '/api/register/', { body })
      t.equal(answer.status, 403)
      t.equal(answer.body.code, 'permission_denied')
      t.match(answer.body.detail, registration === 'invite' ? 'invitation' : 'No new accounts')
      t.equal(await store.read.$count(store.tables.users), 0)
    })

    await t.test(
      `staff make and invite accounts where registration is ${registration}`,
      async (t) => {
        const { call, signUp } = await createServer(t, { database, config: { registration } })
        const { access: token } = await signUp('boss', { is_superuser: true })
        const { password: _, ...member } = body
        t.equal((await call('POST', '/api/users/', { token, body: member })).status, 201)
        const guest = { username: 'guest', email: 'guest@example.com' }
        t.equal((await call('POST', '/api/invitations/', { token, body: guest })).status, 201)
      },
    )
  }

  await t.test('ASVS 6.3.8: a closed registration does not tell whose name is taken', async (t) => {
    const config = { registration: 'closed' } as const
    const { call, signUp } = await createServer(t, { database, config })
    await signUp('alice')
    const [taken, free] = await Promise.all(
      ['alice', 'nobody'].map((username) =>
        call('POST', '/api/register/', { body: { ...body, username } }),
      ),
    )
    t.same({ ...taken?.body, request_id: '' }, { ...free?.body, request_id: '' })
  })
})
