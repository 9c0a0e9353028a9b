import t from 'tap'
import { type RecordedCall, redact } from '../src/calls.ts'
import { curlCall, matchOf, sdkCall } from '../src/pages/api/snippets.ts'
import { toFilter, usersSearch } from '../src/pages/users/search.ts'

const call: RecordedCall = {
  number: 1,
  at: '2026-01-31T09:30:00.000Z',
  method: 'PATCH',
  path: '/api/users/0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11/',
  body: { first_name: "O'Hara" },
  ifMatch: '"3"',
  needsToken: true,
  status: 200,
  durationMs: 5,
}

t.test('a call is told as the SDK makes it', async (t) => {
  t.equal(
    sdkCall(call),
    `await client.users.update("0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11", { first_name: "O'Hara" }, { ifMatch: "\\"3\\"" })`,
  )
  const list = { ...call, method: 'GET', path: '/api/users/?is_staff=true&limit=50&search=a+b' }
  t.equal(
    sdkCall({ ...list, body: undefined, ifMatch: undefined }),
    'await client.users.list({ is_staff: true, limit: 50, search: "a b" })',
  )
})

t.test('what runs in a shell is quoted, whatever it holds', async (t) => {
  t.equal(
    curlCall(call, 'http://rollcall.test'),
    [
      `curl -X PATCH 'http://rollcall.test${call.path}'`,
      '-H "Authorization: Bearer $ACCESS_TOKEN"',
      `-H 'If-Match: "3"'`,
      `-H 'Content-Type: application/json'`,
      `-d '{"first_name":"O'\\''Hara"}'`,
    ].join(' \\\n  '),
  )
})

t.test('a fixed path is not taken for one with an id', async (t) => {
  const me = { ...call, method: 'GET', path: '/api/users/me/' }
  t.equal(matchOf(me)?.operation.id, 'users.me')
})

t.test('no secret of a body is kept, however deep', async (t) => {
  const body = {
    username: 'alice',
    password: 'one',
    current_password: 'two',
    new_password: 'three',
    token: 'four',
    refresh: 'five',
    list: [{ access: 'six' }],
  }
  t.notMatch(JSON.stringify(redact(body)), /one|two|three|four|five|six/)
  t.match(redact(body), { username: 'alice', password: '…' })
})

t.test('an address that makes no sense shows all accounts, and none is guessed', async (t) => {
  const search = usersSearch({
    search: 'x',
    is_staff: 'maybe',
    role: '<script>',
    ordering: 'password',
    date_joined_after: 'yesterday',
    cursor: 7,
    other: 'y',
  })
  t.same(search, { search: 'x' })
  t.equal(toFilter({ date_joined_after: '2026-99-99' }).date_joined_after, undefined)
  const { date_joined_after: from, date_joined_before: until } = toFilter({
    date_joined_after: '2026-01-31',
    date_joined_before: '2026-01-31',
  })
  t.equal(Date.parse(until ?? '') - Date.parse(from ?? ''), 86_400_000 - 1, 'a whole day')
})
