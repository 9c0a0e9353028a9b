import { listEndpoints, problems, problemsOf } from '@rollcall/contract'
import t from 'tap'
import { createServer, password } from '../support/server.ts'
import { createRefusals } from './refusals.ts'
import { allRows } from './rows.ts'

const methods =
  'GET HEAD POST PUT PATCH DELETE OPTIONS TRACE QUERY SEARCH PROPFIND MKCOL LOCK PURGE'.split(' ')

const endpoints = listEndpoints().map(([, endpoint]) => endpoint)
const paths = [...new Set(endpoints.map(({ path }) => path))]

/** `/api/x/` and `/api/x`; an id is put in. */
function spellings(path: string, id: string): string[] {
  const url = path.replace(':id', id)
  return url.endsWith('/') ? [url, url.slice(0, -1)] : [url, `${url}/`]
}

/** The methods of a path, as `Allow` lists them. */
function allowed(path: string): string[] {
  const declared = endpoints.filter((endpoint) => endpoint.path === path)
  const names: string[] = declared.map(({ method }) => method)
  return names.includes('GET') ? [...names, 'HEAD'] : names
}

const server = await createServer(t)
const shared = { ...server, ...(await server.signUp('caller', { is_superuser: true })) }

t.test('ASVS 4.1.4, 13.4.4: a method that a path has not is 405 with Allow', async (t) => {
  const { call, store, id, access } = shared
  const before = await allRows(store)
  const refusals = createRefusals()
  const wrongAllow: string[] = []
  const bodies = [undefined, '{', Buffer.from('\xff', 'latin1'), 'a'.repeat(9_000)]
  for (const path of paths) {
    for (const url of spellings(path, id)) {
      for (const method of methods.filter((name) => !allowed(path).includes(name))) {
        const body = bodies[(url.length + method.length) % bodies.length]
        const answer = await call(method, url, { token: access, body })
        if (method === 'HEAD') {
          t.equal(answer.status, 405)
          continue
        }
        refusals.expect(`${method} ${url}`, answer, 'method_not_allowed')
        if (answer.headers.allow !== allowed(path).join(', ')) wrongAllow.push(`${method} ${url}`)
      }
    }
  }
  refusals.assert(t, 200)
  t.same(wrongAllow, [])
  t.same(await allRows(store), before, 'nothing is stored')
})

t.test(
  'each method that a path has answers what the contract says, on both spellings',
  async (t) => {
    const { call, id } = shared
    const undeclared: string[] = []
    for (const endpoint of endpoints) {
      const { method, path, response } = endpoint
      const statuses = [response[0], ...problemsOf(endpoint).map((code) => problems[code].status)]
      for (const url of spellings(path, id)) {
        const { status } = await call(method, url)
        if (!statuses.includes(status as never)) undeclared.push(`${method} ${url} ${status}`)
        if (status === 404) undeclared.push(`${method} ${url} is not found`)
      }
    }
    t.same(undeclared, [])
  },
)

t.test('HEAD answers the status and headers of GET, without a body', async (t) => {
  const { call, app, id, access } = shared
  for (const { method, path } of endpoints) {
    if (method !== 'GET') continue
    for (const url of spellings(path, id)) {
      const get = await call('GET', url, { token: access })
      const head = await app.inject({
        method: 'HEAD',
        url,
        headers: { authorization: `Bearer ${access}` },
      })
      t.equal(head.statusCode, get.status, url)
      t.equal(head.body, '')
      t.equal(head.headers['content-type'], get.headers['content-type'])
      t.equal(head.headers.etag, get.headers.etag)
    }
  }
  const refused = await app.inject({ method: 'HEAD', url: '/api/users/me/' })
  t.equal(refused.statusCode, 401)
  t.equal(refused.body, '')
})

t.test('ASVS 3.5.3: GET, HEAD and OPTIONS change nothing', async (t) => {
  const { call, store, clock, id, access } = shared
  clock.advance(60)
  const before = await allRows(store)
  const bodies = ['{}', JSON.stringify({ username: 'caller', password, refresh: 'x' }), undefined]
  for (const path of paths) {
    for (const url of spellings(path, id)) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        for (const body of bodies) {
          const override = { 'x-http-method-override': 'DELETE', 'x-http-method': 'DELETE' }
          await call(method, url, { token: access, body, headers: override }).catch(() => {})
        }
      }
    }
  }
  t.same(await allRows(store), before)
})

const unknown = [
  '/nowhere',
  '/api/user/',
  '/api/users/me/me/',
  '/api//users/',
  '//api/users/',
  '//api//users//',
  '//[',
  '//x/api/users/',
  '//user:password@x/api/users/',
  '/API/USERS/',
  '/api/users/me/x.css',
  '/api%2fusers/',
  '/.well-known/',
  '/.well-known/jwks.json/x',
  '/.well-known/jwksXjson',
  '/.git/config',
  '/.env',
  '/package.json',
  '/docs/..%2f..%2fpackage.json',
  '/assets/docs/..%2f..%2fhome.ts',
  '/assets/docs/',
  '/assets/',
  '/data/rollcall.db',
  `/${'a/'.repeat(4_000)}`,
]

t.test('ASVS 13.4.1, 13.4.3, 14.3.2: what is not there is 404 for every method', async (t) => {
  const { call, store } = shared
  const before = await allRows(store)
  const refusals = createRefusals()
  for (const url of unknown) {
    for (const method of methods) {
      if (method === 'HEAD') continue
      const answer = await call(method, url, { body: method === 'GET' ? undefined : '{' })
      refusals.expect(`${method} ${url}`, answer, 'not_found')
    }
  }
  refusals.assert(t, 250)
  t.same(await allRows(store), before, 'nothing is stored')
})

t.test('a path that cannot be decoded is refused', async (t) => {
  const { call } = shared
  const refusals = createRefusals()
  for (const url of ['/%', '/%zz', '/%ff', '/api/users/%', '/api/users/%ff/', '/%C0%AF']) {
    for (const method of ['GET', 'POST', 'DELETE', 'TRACE']) {
      refusals.expect(`${method} ${url}`, await call(method, url), 'parse_error')
    }
  }
  refusals.assert(t, 24)
})

t.test('an id that cannot exist names nothing, in any spelling', async (t) => {
  const { call, store, id, access } = shared
  const before = await allRows(store)
  const refusals = createRefusals()
  const ids = [
    '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11',
    '00000000-0000-0000-0000-000000000000',
    id.toUpperCase(),
    `urn:uuid:${id}`,
    `{${id}}`,
    id.replaceAll('-', ''),
    ` ${id}`,
    `${id}%0a`,
    `${id}%00`,
    `${id}%2f`,
    `${id};x`,
    '1',
    '%00',
    "'",
    "' OR 1=1--",
    'a'.repeat(100),
    'a'.repeat(5_000),
    '%F0%9F%98%80',
  ]
  for (const unlikely of ids) {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const body = method.startsWith('P') ? { username: 'x', email: 'x@example.com' } : undefined
      const url = `/api/users/${encodeURI(decodeURI(unlikely))}/`
      const answer = await call(method, url, { token: access, body })
      refusals.expect(`${method} ${unlikely}`, answer, 'not_found')
    }
  }
  refusals.assert(t, 70)
  t.same(await allRows(store), before, 'nothing is stored')
})
