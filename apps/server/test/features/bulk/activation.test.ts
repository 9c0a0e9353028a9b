import { onEachDatabase } from '../../support/databases.ts'
import { fieldCodes } from '../../support/server.ts'
import { codesOf, createBulkServer, nobody } from './bulk-server.ts'

await onEachDatabase(async (t, database) => {
  await t.test(
    '200 deactivates each account, ends its sessions and notes the reason',
    async (t) => {
      const { bulk, call, root, signUpMany, eventsOf, userOf } = await createBulkServer(t, database)
      const [alice, bob, carl] = await signUpMany(3)
      const ids = [bob?.id, alice?.id]
      const { results, next } = await bulk('deactivate', { ids, reason: ' The term is over. ' })
      t.same(results, [
        { id: bob?.id, username: bob?.username, ok: true, code: null, detail: null },
        { id: alice?.id, username: alice?.username, ok: true, code: null, detail: null },
      ])
      t.equal(next, null)
      for (const account of [alice, bob]) {
        t.equal((await userOf(account?.id ?? ''))?.isActive, false)
        t.equal((await call('GET', '/api/users/me/', { token: account?.access ?? '' })).status, 401)
      }
      t.equal((await call('GET', '/api/users/me/', { token: carl?.access ?? '' })).status, 200)
      const events = await eventsOf('user.updated')
      t.same(events.map(({ targetId }) => targetId).sort(), ids.toSorted())
      for (const event of events) {
        t.match(event, {
          actorId: root.id,
          before: { is_active: true },
          after: { is_active: false },
        })
        t.equal(event.reason, 'The term is over.')
      }
    },
  )

  await t.test('200 activates them again; who is so already stays untouched', async (t) => {
    const { bulk, signUpMany, eventsOf, userOf } = await createBulkServer(t, database)
    const [alice, bob] = await signUpMany(2)
    const ids = [alice?.id, bob?.id]
    await bulk('deactivate', { ids: [alice?.id] })
    const before = await userOf(bob?.id ?? '')
    t.same(codesOf((await bulk('activate', { ids })).results), ['ok', 'ok'])
    t.equal((await userOf(alice?.id ?? ''))?.isActive, true)
    t.same(await userOf(bob?.id ?? ''), before)
    t.equal((await eventsOf('user.updated')).length, 2)
    t.notOk((await eventsOf('user.updated')).some((event) => 'reason' in event))
  })

  await t.test('one that is refused says why, and leaves the others as they are', async (t) => {
    const { bulk, signUp, signUpHolder, signUpMany, root, userOf } = await createBulkServer(
      t,
      database,
    )
    const helper = await signUpHolder('helper', ['users.activate'])
    const stronger = await signUpHolder('stronger', ['users.delete'])
    const [alice, bob] = await signUpMany(2)
    const other = await signUp('other', { is_superuser: true })
    const ids = [root.id, alice?.id, nobody, stronger.id, helper.id, bob?.id]
    const { results } = await bulk('deactivate', { ids }, helper.access)
    const denied = 'permission_denied'
    t.same(codesOf(results), [denied, 'ok', 'not_found', denied, denied, 'ok'])
    t.same(
      results.map(({ username }) => username),
      ['root', alice?.username, null, 'stronger', 'helper', bob?.username],
    )
    for (const { ok, detail } of results) t.equal(detail === null, ok)
    for (const id of [root.id, stronger.id, helper.id, other.id]) {
      t.equal((await userOf(id))?.isActive, true)
    }
  })

  await t.test('nobody deactivates themselves among others', async (t) => {
    const { bulk, root, signUp, userOf } = await createBulkServer(t, database)
    const other = await signUp('other', { is_superuser: true })
    const { results } = await bulk('deactivate', { ids: [root.id, other.id] })
    t.same(codesOf(results), ['permission_denied', 'ok'])
    t.equal((await userOf(root.id))?.isActive, true)
  })

  await t.test('400 for a reason that is no text, or too long', async (t) => {
    const { post, signUpMany, userOf } = await createBulkServer(t, database)
    const [alice] = await signUpMany(1)
    for (const reason of [1, null, ['a'], 'a'.repeat(501)]) {
      const answer = await post('deactivate', { ids: [alice?.id], reason })
      t.equal(answer.status, 400)
      t.same(Object.keys(fieldCodes(answer)), ['reason'])
    }
    t.equal((await userOf(alice?.id ?? ''))?.isActive, true)
  })

  await t.test('ASVS 7.5.3: 403 to who has not given the password lately', async (t) => {
    const { post, signUpMany, clock, userOf } = await createBulkServer(t, database, {
      accessTokenSeconds: 1_000,
    })
    const [alice] = await signUpMany(1)
    clock.advance(301)
    for (const action of ['activate', 'deactivate', 'delete', 'end-sessions']) {
      const { status, body } = await post(action, { ids: [alice?.id] })
      t.equal(status, 403)
      t.equal(body.code, 'reauthentication_required')
    }
    t.equal((await userOf(alice?.id ?? ''))?.isActive, true)
  })
})
