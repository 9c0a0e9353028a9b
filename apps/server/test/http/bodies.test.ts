import { type Endpoint, listEndpoints, problemsOf, supportRole, users } from '@rollcall/contract'
import t from 'tap'
import type { TObject, TSchema } from 'typebox'
import { createServer, password } from '../support/server.ts'
import { createRefusals } from './refusals.ts'
import { allRows } from './rows.ts'

/** Every endpoint that reads a body, called by a superuser on the own account. */
async function createTargets() {
  const server = await createServer(t)
  const caller = await server.signUp('caller', { is_superuser: true })
  const targets = listEndpoints().flatMap(([operationId, endpoint]) =>
    endpoint.body ? [{ operationId, endpoint, body: endpoint.body }] : [],
  )

  const send = (
    { method, path }: Endpoint,
    body: unknown,
    headers: Record<string, string> = {},
  ) => {
    const url = path.replace(':id', caller.id)
    return server.call(method, url, { body, token: caller.access, headers })
  }
  return { ...server, caller, targets, send }
}

const valid: Record<string, unknown> = {
  username: 'somebody',
  email: 'somebody@example.com',
  password: 'entirely-new-secret',
  current_password: password,
  new_password: 'entirely-new-secret',
  refresh: 'rcr_x',
  token: 'x',
  name: 'helpdesk',
  permissions: [],
  roles: [],
  role: supportRole.id,
}

/** The required members alone, in values that pass the schema. */
function requiredOf(body: TObject): Record<string, unknown> {
  return Object.fromEntries((body.required ?? []).map((name) => [name, valid[name]]))
}

interface Member {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly maxLength?: number
}

const memberOf = (schema: TSchema) => schema as unknown as Member
const isText = (member: Member) => kindOf(member) === 'text'

type Kind = 'text' | 'flag' | 'list' | 'choice' | 'object'

function kindOf({ type, enum: choices }: Member): Kind {
  if (choices) return 'choice'
  if (type === 'array') return 'list'
  if (type === 'object') return 'object'
  return [type].flat().includes('string') ? 'text' : 'flag'
}

/** Values that are of another type than the member, or none of its choices. */
const strangers: Record<Kind, readonly unknown[]> = {
  text: [123, 0, true, false, ['a'], [], {}, { a: 1 }, 1e300],
  flag: ['true', '', 0, 1, [], {}],
  list: ['true', '', 0, 1, true, {}, { 0: 'a', length: 1 }],
  choice: ['true', '', 0, 1, true, [], {}],
  object: ['true', '', 0, 1, true, []],
}

const isNullable = (member: Member) => [member.type].flat().includes('null')

const shared = await createTargets()

t.test(
  'ASVS 2.2.1, 2.2.2, 15.3.5: no value of another type is taken for text or a flag',
  async (t) => {
    const { targets, send, store } = shared
    const before = await allRows(store)
    const refusals = createRefusals()
    for (const { operationId, endpoint, body } of targets) {
      for (const [name, schema] of Object.entries(body.properties)) {
        const kind = kindOf(memberOf(schema))
        const code = kind === 'choice' ? 'invalid_choice' : 'invalid'
        for (const value of strangers[kind]) {
          const label = `${operationId} ${name} ${JSON.stringify(value)}`
          const answer = await send(endpoint, { ...requiredOf(body), [name]: value })
          refusals.expect(label, answer, 'validation_failed', `${name}=${code}`)
        }
      }
    }
    refusals.assert(t, 300)
    t.same(await allRows(store), before, 'nothing is stored')
  },
)

t.test('a missing member and null are refused by name', async (t) => {
  const { targets, send, store } = shared
  const before = await allRows(store)
  const refusals = createRefusals()
  for (const { operationId, endpoint, body } of targets) {
    for (const [name, schema] of Object.entries(body.properties)) {
      const required = requiredOf(body)
      if (!isNullable(memberOf(schema))) {
        const answer = await send(endpoint, { ...required, [name]: null })
        const code = kindOf(memberOf(schema)) === 'choice' ? 'invalid_choice' : 'null'
        refusals.expect(`${operationId} ${name}`, answer, 'validation_failed', `${name}=${code}`)
      }
      if (!(name in required)) continue
      const { [name]: _missing, ...rest } = required
      const answer = await send(endpoint, rest)
      refusals.expect(`${operationId} ${name}`, answer, 'validation_failed', `${name}=required`)
    }
  }
  refusals.assert(t, 40)
  t.same(await allRows(store), before, 'nothing is stored')
})

t.test('text that is too long, ill-formed or holds NUL is refused by name', async (t) => {
  const { targets, send, store } = shared
  const before = await allRows(store)
  const refusals = createRefusals()
  for (const { operationId, endpoint, body } of targets) {
    for (const [name, schema] of Object.entries(body.properties)) {
      const { maxLength } = memberOf(schema)
      if (!isText(memberOf(schema)) || maxLength === undefined) continue
      const cases = [
        ['surrogate_characters_not_allowed', 'a\ud800b'],
        ['surrogate_characters_not_allowed', '\udc00'],
        ['null_characters_not_allowed', 'a\0b'],
        ['max_length', 'a'.repeat(maxLength + 1)],
      ]
      for (const [code, value] of cases) {
        const answer = await send(endpoint, { ...requiredOf(body), [name]: value })
        refusals.expect(
          `${operationId} ${name} ${code}`,
          answer,
          'validation_failed',
          `${name}=${code}`,
        )
      }
    }
  }
  refusals.assert(t, 100)
  t.same(await allRows(store), before, 'nothing is stored')
})

const malformed: Record<string, string | Buffer> = {
  'an open brace': '{',
  'a trailing comma': '{"username":"a",}',
  'single quotes': "{'username':'a'}",
  'two documents': '{}{}',
  'no JSON': 'username=a',
  NaN: '{"username":NaN}',
  'a comment': '{}//',
  'invalid UTF-8': Buffer.from('{"username":"\xff"}', 'latin1'),
  'overlong UTF-8': Buffer.from([0x22, 0xc0, 0xaf, 0x22]),
  'a surrogate in UTF-8': Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
  'UTF-16': Buffer.from('{"username":"a"}', 'utf16le'),
  'a byte order mark alone': '\ufeff',
  'a raw control character': '{"username":"a\nb"}',
  __proto__: '{"__proto__":{"is_superuser":true}}',
  '__proto__ in escapes': '{"\\u005f_proto__":{"is_superuser":true}}',
  'constructor.prototype': '{"constructor":{"prototype":{"is_superuser":true}}}',
  'a deep __proto__': '{"username":[{"a":{"__proto__":1}}]}',
  nesting: `${'['.repeat(18)}${']'.repeat(18)}`,
  'deep nesting': '['.repeat(30_000) + ']'.repeat(30_000),
  'deep nesting of objects': `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`,
}

t.test('ASVS 1.5.2, 15.3.6: a body that is no plain JSON is refused', async (t) => {
  const { targets, send, store } = shared
  const before = await allRows(store)
  const refusals = createRefusals()
  for (const { operationId, endpoint } of targets) {
    for (const [what, bytes] of Object.entries(malformed)) {
      refusals.expect(`${operationId} ${what}`, await send(endpoint, bytes), 'parse_error')
    }
    for (const text of ['[]', '"a"', '1', 'true', 'false', '[{}]', '1e400']) {
      const answer = await send(endpoint, text)
      refusals.expect(`${operationId} ${text}`, answer, 'validation_failed', 'body=invalid')
    }
    const answer = await send(endpoint, 'null')
    refusals.expect(`${operationId} null`, answer, 'validation_failed', 'body=null')
  }
  refusals.assert(t, 200)
  t.same(await allRows(store), before, 'nothing is stored')
  t.notOk('is_superuser' in {}, 'no prototype is polluted')
})

t.test('a body over the limit is refused, whatever it holds', async (t) => {
  const { targets, send, store } = shared
  const before = await allRows(store)
  const refusals = createRefusals()
  for (const { operationId, endpoint, body } of targets) {
    const bytes = JSON.stringify({ ...requiredOf(body), padding: 'a'.repeat(65_536) })
    refusals.expect(operationId, await send(endpoint, bytes), 'payload_too_large')
  }
  refusals.assert(t, targets.length)
  t.same(await allRows(store), before, 'nothing is stored')
})

const otherTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/merge-patch+json',
  'application/problem+json',
  'application/jsonp',
  'application/json\tx',
  'application/json, text/plain',
  'json',
  ';',
  '',
]

t.test('ASVS 3.5.2: JSON is read where the content type says JSON, and nowhere else', async (t) => {
  const { targets, send, app, caller, store } = shared
  const before = await allRows(store)
  const refusals = createRefusals()
  for (const { operationId, endpoint, body } of targets) {
    const bytes = JSON.stringify(requiredOf(body))
    for (const type of otherTypes) {
      const answer = await send(endpoint, bytes, { 'content-type': type })
      refusals.expect(`${operationId} ${type}`, answer, 'unsupported_media_type')
    }
    for (const encoding of ['gzip', 'br', 'x']) {
      const answer = await send(endpoint, bytes, { 'content-encoding': encoding })
      refusals.expect(`${operationId} ${encoding}`, answer, 'unsupported_media_type')
    }
    const {
      statusCode: status,
      headers,
      json,
    } = await app.inject({
      method: endpoint.method,
      url: endpoint.path.replace(':id', caller.id),
      headers: { authorization: `Bearer ${caller.access}` },
      payload: Buffer.from(bytes),
    })
    refusals.expect(operationId, { status, headers, body: json() }, 'unsupported_media_type')
  }
  refusals.assert(t, 100)
  t.same(await allRows(store), before, 'nothing is stored')

  for (const type of ['application/json;charset=utf-8', 'Application/JSON ; charset="UTF-8"']) {
    const { status } = await send(users.updateMe, { first_name: 'A' }, { 'content-type': type })
    t.equal(status, 200, type)
  }
  const identity = await send(users.updateMe, {}, { 'content-encoding': 'identity' })
  t.equal(identity.status, 200)
})

t.test('ASVS 15.3.3: who registers sets nothing but what the form asks for', async (t) => {
  const { call, store } = await createServer(t)
  const { status, body } = await call('POST', '/api/register/', {
    body: {
      ...requiredOf(listEndpoints().find(([id]) => id === 'register')?.[1].body as TObject),
      id: '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11',
      is_superuser: true,
      is_staff: true,
      is_active: false,
      isSuperuser: true,
      date_joined: '2000-01-01T00:00:00.000Z',
      last_login: '2000-01-01T00:00:00.000Z',
      password_hash: 'x',
      version: 9,
      constructor: 'x',
      nonsense: { nested: [1, 2, 3] },
    },
  })
  t.equal(status, 201)
  t.match(body, { is_superuser: false, is_staff: false, is_active: true, last_login: null })
  t.notOk('nonsense' in body)
  const [row] = (await allRows(store)).users
  t.match(row, { isSuperuser: false, isStaff: false, isActive: true, version: 1 })
  t.not(row?.id, '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11')
  t.not(row?.dateJoined, '2000-01-01T00:00:00.000Z')
  t.match(row?.passwordHash, /^\$argon2id\$/)
})

t.test('unknown and read-only members change nothing', async (t) => {
  const { send, store } = shared
  const before = await allRows(store)
  const ignored = {
    id: '\0',
    date_joined: 1,
    last_login: [],
    password_hash: 'x',
    version: 9,
    a: {},
  }
  const { status } = await send(users.updateMe, ignored)
  t.equal(status, 200)
  t.same(await allRows(store), before)
})

t.test(
  'a byte order mark is skipped, and of a member sent twice the last one counts',
  async (t) => {
    const { send } = shared
    const text = '\ufeff{"first_name":"First","first_name":"Last"}'
    const { status, body } = await send(users.updateMe, text)
    t.equal(status, 200)
    t.match(body, { first_name: 'Last' })
  },
)

t.test('a refusal is not much larger than what it refuses', async (t) => {
  const { send, app } = shared
  const list = Array.from({ length: 6_000 }, () => '\0')
  for (const body of [list, { username: list }, { ...list }]) {
    const { body: problem } = await send(users.updateMe, body)
    t.ok(JSON.stringify(problem).length < 10_000)
  }
  const query = Array.from({ length: 3_000 }, (_, index) => `x${index}`).join('&')
  const { statusCode, body } = await app.inject(`/api/?${query}`)
  t.equal(statusCode, 400)
  t.ok(body.length < 10_000)
})

t.test('a wrong body is refused as declared where none is wanted, too', async (t) => {
  const { send, store } = shared
  const before = await allRows(store)
  const refusals = createRefusals()
  for (const [operationId, endpoint] of listEndpoints()) {
    if (endpoint.method === 'GET' || endpoint.body) continue
    const declared = new Set(problemsOf(endpoint))
    const oversize = JSON.stringify('a'.repeat(65_536))
    refusals.expect(operationId, await send(endpoint, oversize), 'payload_too_large')
    t.ok(declared.has('payload_too_large'), operationId)
    const answer = await send(endpoint, 'text', { 'content-type': 'text/plain' })
    refusals.expect(operationId, answer, 'unsupported_media_type')
    t.ok(declared.has('unsupported_media_type'), operationId)
  }
  refusals.assert(t, 10)
  t.same(await allRows(store), before, 'nothing is stored')
})
