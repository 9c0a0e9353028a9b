import { supportRole } from '@rollcall/contract'
import { operator } from '../../../src/features/audit/origin.ts'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const { call, signUp, users, clock } = await createServer(t, { database })
  const root = await signUp('root', { is_superuser: true })
  const joined: string[] = []
  for (const [index, name] of ['Émile', 'anna', 'Bert', 'carl', 'dora'].entries()) {
    clock.advance(50)
    joined.push(clock.now().toISOString())
    await users.create(
      {
        username: name,
        email: `${index}-${name === 'Émile' ? 'emile' : name}@example.com`,
        password: 'correct-horse-battery',
        first_name: `First${index}`,
        phone_number: `+4420794609${50 + index}`,
        is_active: name !== 'dora',
        is_staff: name === 'carl',
      },
      operator,
    )
  }
  const list = (query: string) => call('GET', `/api/users/${query}`, { token: root.access })
  const names = async (query: string) =>
    (await list(query)).body.results.map(({ username }: { username: string }) => username)

  await t.test('200 lists the newest first', async (t) => {
    const { status, body } = await list('')
    t.equal(status, 200)
    t.same(Object.keys(body), ['results', 'next', 'previous'])
    t.same(await names(''), ['dora', 'carl', 'Bert', 'anna', 'Émile', 'root'])
  })

  await t.test('orders by every member offered, in both directions', async (t) => {
    const byName = ['anna', 'Bert', 'carl', 'dora', 'root', 'Émile']
    t.same(await names('?ordering=username'), byName, 'whatever the case')
    t.same(await names('?ordering=-username'), byName.toReversed())
    t.same((await names('?ordering=email')).slice(0, 2), ['Émile', 'anna'])
    t.same((await names('?ordering=date_joined'))[0], 'root')
    t.same((await names('?ordering=-last_login'))[0], 'root', 'others never signed in')
    t.same((await names('?ordering=last_login')).at(-1), 'root')
  })

  await t.test('filters by every member offered', async (t) => {
    t.same(await names('?is_active=false'), ['dora'])
    t.same(await names('?is_staff=true'), ['carl'])
    t.same(await names('?is_superuser=true'), ['root'])
    t.same(await names('?is_superuser=false&is_staff=false&is_active=true'), [
      'Bert',
      'anna',
      'Émile',
    ])
    t.same(await names('?username=ANNA'), ['anna'])
    t.same(await names('?email=2-BERT@example.com'), ['Bert'])
    t.same(await names(`?phone_number=${encodeURIComponent('+44 20 7946 0953')}`), ['carl'])
    t.same(await names(`?date_joined_after=${joined[3]}`), ['dora', 'carl'])
    t.same(await names(`?date_joined_before=${joined[0]}`), ['Émile', 'root'])
    t.same(
      await names(`?last_login_before=${joined[4]}`),
      ['root'],
      'who never signed in is not meant',
    )
  })

  await t.test('filters by role and by the last sign-in, together with the rest', async (t) => {
    const { id } = (await list('?username=anna')).body.results[0]
    const support = { roles: [supportRole.id] }
    for (const holder of [id, root.id]) {
      await call('PUT', `/api/users/${holder}/roles/`, { token: root.access, body: support })
    }
    t.same(await names(`?role=${supportRole.id}`), ['anna', 'root'])
    t.same(await names(`?role=${supportRole.id}&search=anna`), ['anna'])
    t.same(await names(`?role=${supportRole.id}&is_superuser=true`), ['root'])
    t.same(await names(`?role=${id}`), [], 'no such role')
    t.same((await list(`?role=${supportRole.id}&limit=1&count=true`)).body.count, 2)
    await call('PUT', `/api/users/${id}/roles/`, { token: root.access, body: { roles: [] } })
    t.same(await names(`?role=${supportRole.id}`), ['root'])

    t.same(await names('?last_login_after=2000-01-01T00:00:00Z'), ['root'])
    t.same(await names('?last_login_after=0001-01-01T00:00:00Z'), ['root'], 'never is not since')
    t.same(await names(`?last_login_after=${joined[0]}`), [])
    const both = '?last_login_after=2000-01-01T00:00:00Z&last_login_before='
    t.same(await names(`${both}2000-01-02T00:00:00Z`), [])
    t.same(await names(`${both}${joined[0]}&date_joined_before=${joined[0]}`), ['root'])
  })

  await t.test(
    'a search for a whole id, or a whole number in any spelling, finds it',
    async (t) => {
      const [bert] = (await list('?username=bert')).body.results
      const found = (search: string) => names(`?search=${encodeURIComponent(search)}`)
      t.same(await found(bert.id), ['Bert'])
      t.same(await found(` ${bert.id.toUpperCase()} `), ['Bert'], 'as it may be pasted')
      t.same(await names(`?search=${bert.id}&is_staff=true`), [], 'filters hold all the same')
      t.same(await found(bert.id.slice(0, -1)), [], 'part of an id finds nobody')
      t.same(await found('0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11'), [])
      const spellings = [
        '+442079460952',
        '+44 20 7946 0952',
        '+44 (0)20 7946-0952',
        '+44.20.79460952',
      ]
      for (const spelling of spellings) t.same(await found(spelling), ['Bert'], spelling)
      await users.create({ ...named(bert.id), password: 'correct-horse-battery' }, operator)
      t.same((await found(bert.id)).toSorted(), [bert.id, 'Bert'], 'nor is a name hidden')
      const [strange] = (await list(`?username=${bert.id}`)).body.results
      await call('DELETE', `/api/users/${strange.id}/`, { token: root.access })
    },
  )

  await t.test('searches username, names, address and number, whatever the case', async (t) => {
    t.same(await names('?search=éMI'), ['Émile'])
    t.same(await names('?search=first3'), ['carl'])
    t.same(await names('?search=4-dora@exam'), ['dora'])
    t.same(await names('?search=79460951'), ['anna'])
    t.same(await names('?search=be'), ['Bert'], 'short words too')
    t.same(await names('?search=example%20anna'), ['anna'], 'all words must occur')
    t.same(await names('?search=%25'), [], 'a wildcard is a character')
  })

  await t.test('walks forwards and backwards over every account once', async (t) => {
    const first = (await list('?limit=2&ordering=username')).body
    t.equal(first.previous, null)
    const second = (await list(new URL(first.next).search)).body
    const third = (await list(new URL(second.next).search)).body
    t.equal(third.next, null)
    const walked = [first, second, third].flatMap(({ results }) => results)
    t.equal(new Set(walked.map(({ id }) => id)).size, 6)
    t.same((await list(new URL(third.previous).search)).body.results, second.results)
    const back = (await list(new URL(second.previous).search)).body
    t.same(back.results, first.results)
    t.equal(back.previous, null)
  })

  await t.test('a link names the configured URL and keeps the filters', async (t) => {
    const { body } = await list('?limit=1&is_active=true&search=example')
    const next = new URL(body.next)
    t.equal(next.origin + next.pathname, 'http://rollcall.test/api/users/')
    t.match(Object.fromEntries(next.searchParams), {
      limit: '1',
      is_active: 'true',
      search: 'example',
    })
  })

  await t.test('a filter for what is not so holds on every page', async (t) => {
    const first = (await list('?limit=2&is_superuser=false')).body
    const second = (await list(new URL(first.next).search)).body
    const third = (await list(new URL(second.next).search)).body
    t.equal(new URL(first.next).searchParams.get('is_superuser'), 'false')
    t.notOk(new URL(first.next).searchParams.has('count'))
    const walked = [first, second, third].flatMap(({ results }) => results)
    t.same(
      walked.map(({ username }) => username),
      ['dora', 'carl', 'Bert', 'anna', 'Émile'],
    )
    t.equal(third.next, null)
  })

  await t.test('counts only when asked', async (t) => {
    t.equal((await list('?count=true&limit=1')).body.count, 6)
    t.equal((await list('?count=true&is_active=true&limit=1')).body.count, 5)
    t.notOk('count' in (await list('?limit=1')).body)
  })

  await t.test('400 unknown parameters, bad values and forged cursors', async (t) => {
    const { body } = await list('?limit=1')
    const cursor = new URL(body.next).searchParams.get('cursor')
    const bad = ['?foo=1', '?limit=0', '?limit=101', '?ordering=password', '?is_active=maybe']
    const forged = [
      '?cursor=',
      '?cursor=abc',
      `?cursor=${cursor}x`,
      `?ordering=email&cursor=${cursor}`,
    ]
    for (const query of [
      ...bad,
      ...forged,
      '?date_joined_after=yesterday',
      '?is_staff=true&is_staff=false',
    ]) {
      const answer = await list(query)
      t.equal(answer.status, 400, query)
      t.equal(answer.body.code, 'validation_failed')
    }
  })

  await t.test('403 without users.view', async (t) => {
    const alice = await signUp('alice')
    t.equal((await call('GET', '/api/users/', { token: alice.access })).status, 403)
  })
})

function named(username: string) {
  return { username, email: `${username}@example.com` }
}
