import { User } from '@rollcall/contract'
import type { Test } from 'tap'
import type { Store } from '../../../src/db/store.ts'
import { operator } from '../../../src/features/audit/origin.ts'
import { newUser } from '../../db/stores.ts'
import { type DatabaseName, onEachDatabase } from '../../support/databases.ts'
import { fieldCodes, password, startServer } from '../../support/server.ts'

await onEachDatabase(async (t, database) => {
  const shared = await setUp(t, database)

  await t.test('200 CSV has a header row and a row per account', async (t) => {
    const { download, call, root, clock } = shared
    const { status, headers, body } = await download('')
    t.equal(status, 200)
    t.equal(headers['content-type'], 'text/csv; charset=utf-8')
    t.equal(headers['x-content-type-options'], 'nosniff')
    const day = clock.now().toISOString().slice(0, 10)
    t.equal(headers['content-disposition'], `attachment; filename="users-${day}.csv"`)

    const [header, ...rows] = parseCsv(body)
    t.same(header, Object.keys(User.properties))
    const listed: User[] = (await call('GET', '/api/users/', { token: root.access })).body.results
    t.same(rows, listed.map(cellsOf), 'newest first, as the list is')
    t.ok(rows.some((row) => row.includes('support; auditor') || row.includes('auditor; support')))
  })

  await t.test('200 NDJSON has an account a line, as the list answers it', async (t) => {
    const { download, call, root, clock } = shared
    const { headers, body } = await download('?format=ndjson&ordering=username')
    t.equal(headers['content-type'], 'application/x-ndjson; charset=utf-8')
    const day = clock.now().toISOString().slice(0, 10)
    t.equal(headers['content-disposition'], `attachment; filename="users-${day}.ndjson"`)
    const path = '/api/users/?ordering=username'
    const listed = await call('GET', path, { token: root.access })
    const lines: string[] = body.split('\n')
    t.equal(lines.pop(), '')
    t.same(
      lines.map((line) => JSON.parse(line)),
      listed.body.results,
    )
  })

  await t.test('filters, search and ordering select as they do in the list', async (t) => {
    const { download, call, root } = shared
    for (const query of [
      'is_active=false',
      'search=anna&ordering=-username',
      'role=0198f2c4-7d1e-7c3a-9b52-000000000002',
      'is_superuser=false&date_joined_after=2000-01-01T00:00:00Z&ordering=email',
      'username=nobody',
    ]) {
      const { body } = await download(`?format=ndjson&${query}`)
      const names = namesIn(body)
      const listed = await call('GET', `/api/users/?${query}`, { token: root.access })
      t.same(
        names,
        listed.body.results.map(({ username }: User) => username),
        query,
      )
    }
    t.equal((await download('?username=nobody')).body, `${Object.keys(User.properties)}\r\n`)
    t.equal((await download('?username=nobody&format=ndjson')).body, undefined)
  })

  await t.test(
    'ASVS 1.2.10: no cell begins as a formula does, and text comes back whole',
    async (t) => {
      const { download, users } = shared
      const hostile = '=HYPERLINK("http://x","y"),\n"quoted"'
      await users.create(
        {
          username: '-name',
          email: '+a@example.com',
          password,
          address: '\t@x',
          first_name: hostile,
        },
        operator,
      )
      const { body } = await download('?username=-name')
      const [, row] = parseCsv(body)
      t.ok(row)
      const text = row?.join('\0')
      for (const value of ["'-name", "'+a@example.com", "'\t@x", `'${hostile}`])
        t.ok(text?.includes(value))
      t.notOk(row?.some((cell) => /^[=+\-@\t\r]/.test(cell)))
    },
  )

  await t.test('ASVS 16.2.1: one event tells who exported what, and how much', async (t) => {
    const { download, eventsOf, root } = shared
    const before = (await eventsOf()).length
    await download('?search=anna&is_active=true&ordering=username')
    await download('?format=ndjson')
    const [first, second, ...more] = (await eventsOf()).slice(before)
    t.same(more, [])
    t.match(first, { actorId: root.id, actorSessionId: String, requestId: String })
    const filter = { search: 'anna', is_active: true }
    t.same(first?.details, { format: 'csv', filter, count: 1, complete: true })
    t.same(second?.details, { format: 'ndjson', filter: {}, count: 5, complete: true })
  })

  await t.test('more than one statement finds are answered once, in order', async (t) => {
    const { download, seed } = await setUp(t, database)
    await seed(1_700)
    for (const ordering of ['username', '-date_joined', 'last_login', 'email']) {
      const { body } = await download(`?format=ndjson&search=many&ordering=${ordering}`)
      const names = namesIn(body)
      t.equal(new Set(names).size, 1_700, ordering)
      t.equal(names.length, 1_700)
      if (ordering === 'username') t.same(names, names.toSorted())
    }
  })

  // More than the buffers between server and reader hold.
  const large = await setUp(t, database)
  await large.seed(3_000, 'a'.repeat(8_000))
  const open = (signal?: AbortSignal) =>
    fetch(`${large.url}/api/users/export/`, {
      headers: { authorization: `Bearer ${large.root.access}` },
      ...(signal && { signal }),
    })
  /** The event of the export with this number, as soon as it is there. */
  const noted = (number: number) => eventually(async () => (await large.eventsOf())[number])

  await t.test('when the caller goes away the walk stops, which is noted', async (t) => {
    const controller = new AbortController()
    const response = await open(controller.signal)
    const { value } = (await response.body?.getReader().read()) ?? {}
    t.ok(value?.length)
    controller.abort()
    const { details } = await noted(0)
    t.equal(details.complete, false)
    t.ok(details.count < 3_000, `${details.count} of 3,000`)
  })

  await t.test('a failure on the way cuts the file off: none passes for whole', async (t) => {
    const restore = failAfter(large.store, 6)
    const response = await open()
    t.equal(response.status, 200)
    await t.rejects(response.text())
    restore()
    t.equal((await noted(1)).details.complete, false)
  })

  await t.test('a server that stops ends what is read slowly, and notes it first', async (t) => {
    const reader = (await open()).body?.getReader()
    t.notOk((await reader?.read())?.done)
    await large.close()
    const [, , event] = await large.eventsOf()
    t.equal(event?.details.complete, false)
    const readOn = async () => {
      for (;;) if ((await reader?.read())?.done) return
    }
    await t.rejects(readOn(), 'the file is cut off')
  })

  await t.test('a failure before the first part is a problem like any other', async (t) => {
    const { download, store } = shared
    // Who calls is looked up by statements that are prepared already.
    const restore = failAfter(store, 0)
    const { status, headers, body } = await download('')
    restore()
    t.equal(status, 500)
    t.equal(body.code, 'internal_error')
    t.equal(headers['content-type'], 'application/problem+json; charset=utf-8')
    t.notOk('content-disposition' in headers)
  })

  await t.test('HEAD answers the headers and exports nothing', async (t) => {
    const { app, root, eventsOf } = shared
    const before = await eventsOf()
    const { statusCode, body, headers } = await app.inject({
      method: 'HEAD',
      url: '/api/users/export/',
      headers: { authorization: `Bearer ${root.access}` },
    })
    t.same([statusCode, body], [200, ''])
    t.match(headers['content-disposition'], /users-.*\.csv/)
    t.same(await eventsOf(), before)
  })

  await t.test('400 for another format, a cursor, and what no list knows', async (t) => {
    const { download, eventsOf } = shared
    const before = await eventsOf()
    const wrong: [query: string, field: string][] = [
      ['format=xlsx', 'format'],
      ['format=', 'format'],
      ['limit=10', 'limit'],
      ['cursor=x', 'cursor'],
      ['ordering=password_hash', 'ordering'],
      ['is_active=maybe', 'is_active'],
    ]
    for (const [query, field] of wrong) {
      const answer = await download(`?${query}`)
      t.equal(answer.status, 400, query)
      t.same(Object.keys(fieldCodes(answer)), [field])
      t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
      t.notOk('content-disposition' in answer.headers)
    }
    t.same(await eventsOf(), before)
  })

  await t.test('401 without a token, 403 without users.export', async (t) => {
    const { call, signUp, root } = shared
    const path = '/api/users/export/'
    t.equal((await call('GET', path)).status, 401)
    const alice = await signUp('viewer')
    const auditor = '0198f2c4-7d1e-7c3a-9b52-000000000003'
    const body = { roles: [auditor] }
    await call('PUT', `/api/users/${alice.id}/roles/`, { token: root.access, body })
    t.equal((await call('GET', '/api/users/', { token: alice.access })).status, 200)
    const refused = await call('GET', path, { token: alice.access })
    t.equal(refused.body.code, 'permission_denied')
  })

  await t.test('ASVS 7.5.3: 403 to who has not given the password lately', async (t) => {
    const { download, clock, eventsOf } = shared
    const before = await eventsOf()
    clock.advance(301)
    const { status, body } = await download('')
    t.equal(status, 403)
    t.equal(body.code, 'reauthentication_required')
    t.same(await eventsOf(), before)
  })
})

/** A listening server with four accounts, one of them with two roles. */
async function setUp(t: Test, database: DatabaseName) {
  const config = { accessTokenSeconds: 900 }
  const server = await startServer(t, { database, config })
  const { call, signUp, users, store } = server
  const root = await signUp('root', { is_superuser: true })
  for (const [index, username] of ['anna', 'bert', 'carl'].entries()) {
    const email = `${username}@example.com`
    const phone_number = `+4420794609${50 + index}`
    const is_active = username !== 'bert'
    const person = { username, email, password, phone_number, is_active, address: '1 "X" St\nTown' }
    const { id } = await users.create(person, operator)
    const roles =
      username === 'carl'
        ? []
        : ['2', '3'].map((end) => `0198f2c4-7d1e-7c3a-9b52-00000000000${end}`)
    await call('PUT', `/api/users/${id}/roles/`, { token: root.access, body: { roles } })
  }

  const download = (query: string) =>
    call('GET', `/api/users/export/${query}`, { token: root.access })

  async function seed(count: number, address: string | null = null) {
    const rows = Array.from({ length: count }, (_, index) => newUser(`many${index}`, { address }))
    for (let at = 0; at < count; at += 500) {
      await store.write((tx) => tx.insert(store.tables.users).values(rows.slice(at, at + 500)))
    }
  }

  async function eventsOf() {
    const rows = await store.read.select().from(store.tables.auditEvents)
    return rows
      .filter(({ action }) => action === 'users.exported')
      .map((row) => ({ ...row, details: JSON.parse(row.details) }))
  }

  return { ...server, root, download, seed, eventsOf }
}

/** Lets so many statements pass; answers how to let all pass again. */
function failAfter({ read }: Store, passing: number): () => void {
  const { select } = read
  let statements = 0
  read.select = new Proxy(select, {
    apply(target, _self, given) {
      statements += 1
      if (statements > passing) throw new Error('the database is gone')
      return Reflect.apply(target, read, given)
    },
  })
  return () => {
    read.select = select
  }
}

/** As soon as it is there. */
async function eventually<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await find()
    if (found !== undefined) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function namesIn(lines = ''): string[] {
  return lines
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).username)
}

/** The cells of an account, as CSV holds them. */
function cellsOf(user: User): string[] {
  return Object.values({ ...user, roles: user.roles.map(({ name }) => name).join('; ') })
    .map((value) => String(value ?? ''))
    .map((text) => (text.startsWith('+') ? `'${text}` : text))
}

/** RFC 4180, as plainly as it goes. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain = '', end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g,
  )) {
    row.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}
