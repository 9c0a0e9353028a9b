import { listEndpoints, type UserPage } from '@rollcall/contract'
import t, { type Test } from 'tap'
import { operator } from '../../src/features/audit/origin.ts'
import { onEachDatabase } from '../support/databases.ts'
import { createServer, password, type TestOptions } from '../support/server.ts'
import { createRefusals } from './refusals.ts'
import { allRows } from './rows.ts'

async function createLister(t: Test, options: TestOptions = {}) {
  const server = await createServer(t, options)
  const caller = await server.signUp('lister', { is_superuser: true })
  const list = (query: string) =>
    server.call('GET', `/api/users/?${query}`, { token: caller.access })
  const names = async (query: string) => {
    const { status, body } = await list(query)
    t.equal(status, 200, query)
    return (body as UserPage).results.map(({ username }) => username)
  }
  return { ...server, caller, list, names }
}

t.test(
  'ASVS 2.2.1: a parameter that an endpoint does not name is refused everywhere',
  async (t) => {
    const { call, caller, store } = await createLister(t)
    const before = await allRows(store)
    const refusals = createRefusals()
    for (const [operationId, { method, path, query, access }] of listEndpoints()) {
      if (method !== 'GET') continue
      const url = path.replace(':id', caller.id)
      const options = access.kind === 'anyone' ? {} : { token: caller.access }
      const foreign = [
        'x=1',
        'x',
        '%00=1',
        '__proto__=1',
        'constructor=1',
        'search[]=a',
        'SEARCH=a',
      ]
      if (!query) foreign.push('limit=1', 'callback=x')
      for (const parameter of foreign) {
        const name = decodeURIComponent(parameter.split('=')[0] ?? '')
        const answer = await call(method, `${url}?${parameter}`, options)
        refusals.expect(
          `${operationId} ${parameter}`,
          answer,
          'validation_failed',
          `${name}=unknown`,
        )
      }
    }
    refusals.assert(t, 40)
    t.same(await allRows(store), before)
  },
)

const bad: Record<string, string[]> = {
  'limit=min_value': ['limit=0', 'limit=-1', 'limit=-1e9'],
  'limit=max_value': ['limit=101', 'limit=1e9', 'limit=1e999', 'limit=99999999999999999999'],
  'limit=invalid': ['limit=', 'limit=a', 'limit=1.5', 'limit=NaN', 'limit=1&limit=2', 'limit=1;2'],
  'is_active=invalid': ['is_active=', 'is_active=1', 'is_active=yes', 'is_active=TRUE'],
  'count=invalid': ['count=', 'count=2', 'count=true&count=true'],
  'ordering=invalid_choice': [
    'ordering=',
    'ordering=password_hash',
    'ordering=--username',
    'ordering=username;DROP TABLE users',
    'ordering=username,email',
    'ordering=USERNAME',
  ],
  'search=invalid': ['search=a&search=b', 'search=&search='],
  'search=max_length': [`search=${'a'.repeat(201)}`],
  'search=null_characters_not_allowed': ['search=%00', 'search=a%00b'],
  'username=invalid': ['username=a&username=a'],
  'email=max_length': [`email=${'a'.repeat(255)}`],
  'phone_number=null_characters_not_allowed': ['phone_number=%2b44%00'],
  'date_joined_after=invalid': [
    'date_joined_after=',
    'date_joined_after=yesterday',
    'date_joined_after=2026-01-31',
    'date_joined_after=2026-02-30T00:00:00Z',
    'date_joined_after=2026-13-01T00:00:00Z',
    'date_joined_after=2026-01-01T25:00:00Z',
    'date_joined_after=2026-01-01T00:00:00',
    'date_joined_after=2026-01-01T00:00:00%2B01',
    'date_joined_after=2026-01-01T00:00:00%2B0100',
    'date_joined_after=2016-12-31T23:59:60Z',
    'date_joined_after=0000-01-01T00:00:00Z',
    'date_joined_after=0001-01-01T00:00:00%2B23:59',
    'date_joined_after=%2B010000-01-01T00:00:00Z',
    'date_joined_after=-000001-01-01T00:00:00Z',
  ],
  'date_joined_before=invalid': ['date_joined_before=9999-12-31T23:59:59-23:59'],
  'last_login_after=invalid': ['last_login_after=', 'last_login_after=2026-01-31'],
  'role=invalid': ['role=', 'role=administrator', 'role=0198F2C4-7D1E-7C3A-9B52-000000000001'],
  'last_login_before=invalid': ['last_login_before=0000-12-31T23:59:59Z'],
}

const unusual = [
  'date_joined_after=0001-01-01T00:00:00Z',
  'date_joined_before=9999-12-31T23:59:59.999Z',
  'date_joined_before=2026-01-01T00:00:00.123456789123-23:59',
  'last_login_before=9999-12-31T23:59:59Z&ordering=last_login',
  'search=%ff',
  'search=%ED%A0%80',
  'search=%F0%9F%98%80',
  `search=${'%EF%B7%BA'.repeat(200)}`,
  `search=${'a+'.repeat(100)}`,
  'phone_number=%2b',
  'username=',
  'email=',
]

await onEachDatabase(async (t, database) => {
  await t.test(
    'ASVS 15.3.7: each parameter is refused by name when its value is not valid, or is there twice',
    async (t) => {
      const { list } = await createLister(t, { database })
      const refusals = createRefusals()
      for (const [field, queries] of Object.entries(bad)) {
        for (const query of queries) {
          refusals.expect(
            query,
            await list(encodeURI(decodeURI(query))),
            'validation_failed',
            field,
          )
        }
      }
      refusals.assert(t, 45)
      for (const query of unusual) t.equal((await list(query)).status, 200, query)
    },
  )

  await t.test(
    'ASVS 1.2.4: what means something in SQL is searched for as it stands',
    async (t) => {
      const { users, names } = await createLister(t, { database })
      const first_names = [
        '100%',
        'a_b',
        'axb',
        'back\\slash',
        "O'Neill",
        '"quoted"',
        'x;--y',
        '*?[z]',
      ]
      for (const [index, first_name] of first_names.entries()) {
        const username = `person${index}`
        const email = `${username}@example.com`
        await users.create({ username, email, password, first_name }, operator)
      }
      const found = async (search: string) =>
        (await names(`search=${encodeURIComponent(search)}`)).toSorted()

      t.same(await found('%'), [], 'a short word must stand at the beginning')
      t.same(await found('00%'), ['person0'])
      t.same(await found('%%%'), [])
      t.same(await found('_'), [])
      t.same(await found('a_b'), ['person1'])
      t.same(await found('___'), [])
      t.same(await found('\\'), [])
      t.same(await found('k\\s'), ['person3'])
      t.same(await found('\\\\\\'), [])
      t.same(await found("O'Neill"), ['person4'])
      t.same(await found("'"), [])
      t.same(await found("' OR '1'='1"), [])
      t.same(await found('"quoted"'), ['person5'])
      t.same(await found('x;--y'), ['person6'])
      t.same(await found('*'), ['person7'])
      t.same(await found('[z]'), ['person7'])
      t.same(await found('person* OR x'), [])
      t.equal((await found('')).length, 9, 'an empty search is none')
      t.equal((await found('   ')).length, 9)
      t.same(await names(`username=${encodeURIComponent("' OR 1=1 --")}`), [])
      t.same(await names(`email=${encodeURIComponent('%@example.com')}`), [])
    },
  )
})

t.test('a cursor that this server did not make for this list is refused', async (t) => {
  const { list, signUp, databaseUrl } = await createLister(t)
  for (let made = 0; made < 3; made += 1) await signUp()
  const cursorOf = async (query: string) => {
    const { next } = (await list(query)).body as UserPage
    return new URL(next ?? '').searchParams.get('cursor') ?? ''
  }
  const cursor = await cursorOf('limit=1&ordering=username')
  const works = await list(`limit=1&ordering=username&cursor=${cursor}`)
  t.equal(works.status, 200)

  const refusals = createRefusals()
  const refuse = async (label: string, text: string, ordering = 'username') => {
    const answer = await list(`limit=1&ordering=${ordering}&cursor=${encodeURIComponent(text)}`)
    refusals.expect(label, answer, 'validation_failed', 'cursor=invalid')
  }
  const bytes = Buffer.from(cursor, 'base64url')
  for (let index = 0; index < bytes.length; index += 1) {
    const forged = Buffer.from(bytes)
    forged[index] = (forged[index] ?? 0) ^ 1
    await refuse(`byte ${index}`, forged.toString('base64url'))
  }
  await refuse('another ordering', cursor, 'email')
  await refuse('the ordering reversed', cursor, '-username')
  await refuse('nothing', '')
  await refuse('text', 'abc')
  await refuse('the content alone', bytes.subarray(16).toString('base64url'))
  await refuse('cut off', cursor.slice(0, -4))
  await refuse('longer', `${cursor}AAAA`)
  await refuse('other signs', `${cursor}!`)
  await refuse('padded', `${cursor}====`)
  await refuse('JSON', '["username","after","a","b"]')

  const elsewhere = await createLister(t, { config: { secret: 'another secret, long enough too' } })
  await elsewhere.signUp()
  const { next } = (await elsewhere.list('limit=1&ordering=username')).body as UserPage
  t.not(databaseUrl, elsewhere.databaseUrl)
  await refuse('another server', new URL(next ?? '').searchParams.get('cursor') ?? '')
  refusals.assert(t, bytes.length + 11)
})
