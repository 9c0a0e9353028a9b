import t from 'tap'
import { cursorOf } from '../src/index.ts'
import { json, problem } from './fake-server.ts'
import { signIn } from './sign-in.ts'

const list = 'GET /api/users/'

/** Five accounts, two to a page; `next` names another host on purpose. */
async function setUp() {
  const { server, waits, client } = await signIn()
  server.on(list, ({ url }) => {
    const start = Number(url.searchParams.get('cursor') ?? 0)
    const results = ['a', 'b', 'c', 'd', 'e'].slice(start, start + 2).map((id) => ({ id }))
    const next = start + 2 < 5 ? `https://evil.test/elsewhere?cursor=${start + 2}&limit=99` : null
    return json(200, { results, next, previous: null })
  })
  return { server, waits, client }
}

t.test('awaiting a list gives its first page', async (t) => {
  const { server, client } = await setUp()
  const page = await client.users.list()
  t.same(
    page.results.map(({ id }) => id),
    ['a', 'b'],
  )
  t.equal(server.count(list), 1)
})

t.test('for await walks all items in order, a request for each page', async (t) => {
  const { server, client } = await setUp()
  const ids = []
  for await (const { id } of client.users.list()) ids.push(id)
  t.same(ids, ['a', 'b', 'c', 'd', 'e'])
  t.equal(server.count(list), 3)
})

t.test('a walk that ends early asks for no further page', async (t) => {
  const { server, client } = await setUp()
  for await (const { id } of client.users.list()) if (id === 'b') break
  t.equal(server.count(list), 1)
})

t.test('a list already awaited is walked without asking for its first page again', async (t) => {
  const { server, client } = await setUp()
  const users = client.users.list()
  await users
  const ids = []
  for await (const { id } of users) ids.push(id)
  t.equal(ids.length, 5)
  t.equal(server.count(list), 3)
})

t.test('pages walks the pages, and a walk goes on from the cursor of one', async (t) => {
  const { server, client } = await setUp()
  let cursor: string | undefined
  for await (const page of client.users.list().pages()) {
    cursor = cursorOf(page)
    break
  }
  t.equal(cursor, '2')
  t.equal(server.count(list), 1)
  const sizes = []
  for await (const page of client.users.list({ cursor }).pages()) sizes.push(page.results.length)
  t.same(sizes, [2, 1])
  t.equal(server.count(list), 3)
  t.equal(cursorOf({ next: null }), undefined)
})

t.test('all gives the items, and asks for no page beyond the most', async (t) => {
  for (const [max, count, pages] of [
    [100, 5, 3],
    [4, 4, 2],
    [3, 3, 2],
  ] as const) {
    const { server, client } = await setUp()
    t.equal((await client.users.list().all({ max })).length, count)
    t.equal(server.count(list), pages)
  }
  const { client } = await setUp()
  t.same(await client.users.list().all({ max: 0 }), [])
})

t.test('a walk waits as long as the server asks it to', async (t) => {
  const { server, waits, client } = await setUp()
  let isThrottled = true
  server.on(list, (request, before) => {
    if (!isThrottled || !request.url.searchParams.has('cursor')) return before(request)
    isThrottled = false
    const answer = problem(429, 'throttled')
    answer.headers.set('retry-after', '61')
    return answer
  })
  t.equal((await client.users.list().all({ max: 100 })).length, 5)
  t.ok((waits[0] ?? 0) >= 61_000)
})

t.test('the filters go with every page, the count with the first alone', async (t) => {
  const { server, client } = await setUp()
  const query = { search: 'x', limit: 2, count: true }
  for await (const _ of client.users.list(query));
  t.same(
    server.requests.slice(1).map(({ url }) => url.search),
    ['?search=x&limit=2&count=true', '?search=x&limit=2&cursor=2', '?search=x&limit=2&cursor=4'],
  )
})

t.test('no page is asked of another host than the server', async (t) => {
  const { server, client } = await setUp()
  for await (const _ of client.users.list());
  for (const { url } of server.requests) t.equal(url.host, 'rollcall.test')
})

t.test('a page that fails ends the walk with its error', async (t) => {
  const { server, client } = await setUp()
  server.on(list, (request, before) =>
    request.url.searchParams.get('cursor') === '4' ? problem(429, 'throttled') : before(request),
  )
  const ids: string[] = []
  const walk = async () => {
    for await (const { id } of client.users.list()) ids.push(id)
  }
  await t.rejects(walk(), { operation: 'users.list', code: 'throttled' })
  t.same(ids, ['a', 'b', 'c', 'd'])
})

t.test('a first page that fails is reported to the walk alone', async (t) => {
  const { server, client } = await setUp()
  server.on(list, () => problem(403, 'permission_denied'))
  const walk = async () => {
    for await (const _ of client.users.list());
  }
  await t.rejects(walk(), { code: 'permission_denied' })
})

t.test('the options of the call go with every page', async (t) => {
  const { server, client } = await setUp()
  const controller = new AbortController()
  const headers = { 'x-trace': '1' }
  const ids: string[] = []
  const walk = async () => {
    for await (const { id } of client.users.list({}, { headers, signal: controller.signal })) {
      ids.push(id)
      if (id === 'c') controller.abort()
    }
  }
  await t.rejects(walk(), { name: 'AbortError' })
  t.same(ids, ['a', 'b', 'c', 'd'])
  for (const { headers } of server.requests.slice(1)) t.equal(headers.get('x-trace'), '1')
})
