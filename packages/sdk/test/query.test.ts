import { InfiniteQueryObserver, QueryClient } from '@tanstack/react-query'
import t from 'tap'
import { createClientOf } from '../src/index.ts'
import { users } from '../src/parts.ts'
import { createQueries } from '../src/query/index.ts'
import { json, problem } from './fake-server.ts'
import { me, signIn } from './sign-in.ts'

const list = 'GET /api/users/'

async function setUp() {
  const { server, client } = await signIn()
  server.on('GET /api/users/u1/', () => json(200, { id: 'u1' }))
  server.on(list, ({ url }) => {
    const cursor = url.searchParams.get('cursor')
    const next = cursor === '2' ? null : `${url.origin}/api/users/?cursor=${cursor ? 2 : 1}`
    return json(200, { results: [{ id: cursor ?? '0' }], next, previous: null })
  })
  const queryClient = new QueryClient()
  t.teardown(() => queryClient.clear())
  return { server, client, queries: createQueries(client), queryClient }
}

t.test('a query is fetched, and kept by what it was asked with', async (t) => {
  const { server, queries, queryClient } = await setUp()
  const fetch = () => queryClient.fetchQuery({ ...queries.users.get('u1'), staleTime: 60_000 })
  t.same(await fetch(), { id: 'u1' })
  await fetch()
  t.equal(server.count('GET /api/users/u1/'), 1)
  t.same(queryClient.getQueryData(queries.users.get('u1').queryKey), { id: 'u1' })
  t.equal(queryClient.getQueryData(queries.users.get('u2').queryKey), undefined)
})

t.test('keys are of the noun, the verb and the arguments, and begin alike', async (t) => {
  const { queries } = await setUp()
  t.same(queries.users.queryKey, ['rollcall', 'users'])
  t.same(queries.users.get.queryKey, ['rollcall', 'users', 'get'])
  t.same(queries.users.get('u1').queryKey, ['rollcall', 'users', 'get', 'u1'])
  const query = { search: 'a' }
  t.same(queries.users.list(query).queryKey, ['rollcall', 'users', 'list', query])
  t.not(
    String(queries.users.list.infinite(query).queryKey),
    String(queries.users.list(query).queryKey),
  )
  t.same(queries.overview().queryKey, ['rollcall', 'overview'])
})

t.test('all queries of a resource can be invalidated at once', async (t) => {
  const { queries, queryClient } = await setUp()
  await queryClient.fetchQuery(queries.users.get('u1'))
  await queryClient.fetchQuery(queries.users.me())
  await queryClient.invalidateQueries({ queryKey: queries.users.queryKey })
  const states = queryClient.getQueryCache().getAll()
  t.same(
    states.map(({ state }) => state.isInvalidated),
    [true, true],
  )
})

t.test('the signal of the query ends the call, and what was given goes with it', async (t) => {
  const { server, queries } = await setUp()
  const controller = new AbortController()
  await queries.users.list({ search: 'a' }).queryFn(controller)
  t.equal(server.requests.at(-1)?.url.search, '?search=a')
  await queries.users.list().queryFn(controller)
  const options = { headers: { 'x-trace': '1' } }
  await queries.users.get('u1', options).queryFn(controller)
  t.equal(server.requests.at(-1)?.headers.get('x-trace'), '1')
  const reason = new Error('unmounted')
  controller.abort(reason)
  t.equal(
    await queries.users
      .get('u1')
      .queryFn(controller)
      .catch((error) => error),
    reason,
  )
})

t.test('a list is walked page by page', async (t) => {
  const { queries, queryClient } = await setUp()
  const observer = new InfiniteQueryObserver(queryClient, queries.users.list.infinite({ limit: 1 }))
  const unsubscribe = observer.subscribe(() => {})
  t.teardown(unsubscribe)
  await observer.refetch()
  await observer.fetchNextPage()
  const { data, hasNextPage } = await observer.fetchNextPage()
  t.same(
    data?.pages.map(({ results }) => results[0]?.id),
    ['0', '1', '2'],
  )
  t.equal(hasNextPage, false)
})

t.test('what has failed is not tried again: the client has done so', async (t) => {
  const { server, queries, queryClient } = await setUp()
  server.on(me, () => problem(500, 'internal_error'))
  await t.rejects(queryClient.fetchQuery(queries.users.me()), { code: 'internal_error' })
  t.equal(server.count(me), 1)
})

t.test('a client of some parts has the queries of those alone', async (t) => {
  const { server } = await setUp()
  const client = createClientOf({ users }, { baseUrl: 'http://rollcall.test', fetch: server.fetch })
  const queries = createQueries(client)
  t.same(Object.keys(queries), ['users'])
  // @ts-expect-error nor does it compile
  t.equal(queries.roles, undefined)
})
