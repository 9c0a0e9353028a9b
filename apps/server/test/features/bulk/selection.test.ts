import { operator } from '../../../src/features/audit/origin.ts'
import { newUser } from '../../db/stores.ts'
import { onEachDatabase } from '../../support/databases.ts'
import { fieldCodes, password } from '../../support/server.ts'
import { codesOf, createBulkServer, nobody } from './bulk-server.ts'

await onEachDatabase(async (t, database) => {
  await t.test('a filter selects as the list does, in the order of the ids', async (t) => {
    const { bulk, call, users, root } = await createBulkServer(t, database)
    for (const [index, name] of ['anna', 'bert', 'annabel', 'carl'].entries()) {
      const phone_number = `+4420794609${50 + index}`
      const email = `${name}@example.com`
      const flags = { is_active: name !== 'annabel' }
      await users.create({ username: name, email, password, phone_number, ...flags }, operator)
    }
    for (const filter of [
      { search: 'anna' },
      { search: 'anna', is_active: true },
      { phone_number: '+44 20 7946 0953' },
      { is_superuser: false, date_joined_after: '2000-01-01T00:00:00Z' },
      { last_login_before: '2000-01-01T00:00:00Z' },
      { username: 'nobody' },
    ]) {
      const query = new URLSearchParams(asText(filter))
      const listed = await call('GET', `/api/users/?${query}`, { token: root.access })
      const expected = listed.body.results.map(({ id }: { id: string }) => id).sort()
      const { results, next } = await bulk('activate', { filter })
      t.same(
        results.map(({ id }) => id),
        expected,
        JSON.stringify(filter),
      )
      t.equal(next, null)
      await bulk('deactivate', { filter: { search: 'annabel' } })
    }
  })

  await t.test('a filter takes 1,000 accounts at a time, and every one of them once', async (t) => {
    const { bulk, store, root } = await createBulkServer(t, database)
    const rows = Array.from({ length: 1_003 }, (_, index) => newUser(`many${index}`))
    for (let at = 0; at < rows.length; at += 500) {
      await store.write((tx) => tx.insert(store.tables.users).values(rows.slice(at, at + 500)))
    }
    const seen: string[] = []
    const sizes: number[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      // What was done no longer fulfils the filter, which must not make it skip any.
      const filter = { is_active: true, is_superuser: false }
      const { results, next } = await bulk('deactivate', { filter, ...(cursor && { cursor }) })
      seen.push(...results.map(({ id }) => id))
      sizes.push(results.length)
      t.notOk(results.some(({ ok }) => !ok))
      cursor = next
    }
    t.same(sizes, [1_000, 3])
    t.same(seen, rows.map(({ id }) => id).sort())
    const active = (await store.read.select().from(store.tables.users)).filter(
      (row) => row.isActive,
    )
    t.same(
      active.map(({ id }) => id),
      [root.id],
    )
  })

  await t.test('an empty filter means everybody, the own account left out', async (t) => {
    const { bulk, root, signUpMany } = await createBulkServer(t, database)
    const accounts = await signUpMany(3)
    const { results } = await bulk('deactivate', { filter: {} })
    t.same(
      results.map(({ id }) => id),
      [root.id, ...accounts.map(({ id }) => id)].sort(),
    )
    t.same(codesOf(results).sort(), ['ok', 'ok', 'ok', 'permission_denied'])
  })

  await t.test('400 unless it is either 1 to 1,000 ids, each once, or a filter', async (t) => {
    const { post, signUpMany, userOf, bulk } = await createBulkServer(t, database)
    const [alice] = await signUpMany(1)
    const ids = [alice?.id]
    const many = Array.from({ length: 1_001 }, (_, index) =>
      nobody.replace(/.{12}$/, String(index).padStart(12, '0')),
    )
    const wrong: [body: object, field: string][] = [
      [{}, 'ids'],
      [{ ids, filter: {} }, 'ids'],
      [{ ids, cursor: 'x' }, 'ids'],
      [{ cursor: 'x' }, 'ids'],
      [{ ids: [] }, 'ids'],
      [{ ids: many }, 'ids'],
      [{ ids: [...ids, ...ids] }, 'ids'],
      [{ ids: alice?.id }, 'ids'],
      [{ ids: ['x'] }, 'ids.0'],
      [{ ids: [alice?.id.toUpperCase()] }, 'ids.0'],
      [{ ids: [...ids, null] }, 'ids.1'],
      [{ filter: null }, 'filter'],
      [{ filter: [] }, 'filter'],
      [{ filter: { is_activ: false } }, 'filter.is_activ'],
      [{ filter: { limit: 1 } }, 'filter.limit'],
      [{ filter: { ordering: 'username' } }, 'filter.ordering'],
      [{ filter: { is_active: 'false' } }, 'filter.is_active'],
      [{ filter: { date_joined_after: 'yesterday' } }, 'filter.date_joined_after'],
      [{ filter: { role: 'support' } }, 'filter.role'],
      [{ filter: { search: '\0' } }, 'filter.search'],
      [{ filter: {}, cursor: 'x' }, 'cursor'],
      [{ filter: {}, cursor: 1 }, 'cursor'],
    ]
    for (const [body, field] of wrong) {
      const answer = await post('delete', body)
      t.equal(answer.status, 400, JSON.stringify(body).slice(0, 80))
      t.same(Object.keys(fieldCodes(answer)), [field])
    }
    t.equal(
      fieldCodes(await post('delete', { filter: { is_activ: false } }))['filter.is_activ'],
      'unknown',
    )
    t.ok(await userOf(alice?.id ?? ''), 'nobody is deleted')
    t.equal((await bulk('activate', { ids: many.slice(1) })).results.length, 1_000)
  })

  await t.test('400 for a cursor of a list, or of another server', async (t) => {
    const { post, call, root, signUpMany } = await createBulkServer(t, database)
    await signUpMany(2)
    const page = await call('GET', '/api/users/?limit=1&ordering=date_joined', {
      token: root.access,
    })
    const cursor = new URL(page.body.next).searchParams.get('cursor')
    const answer = await post('activate', { filter: {}, cursor })
    t.equal(answer.status, 400)
    t.same(fieldCodes(answer), { cursor: 'invalid' })
  })
})

/** The filter as it stands in a query. */
function asText(filter: object): Record<string, string> {
  return Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, String(value)]))
}
