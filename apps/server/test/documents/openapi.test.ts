import { isStream, listEndpoints, problems, problemsOf } from '@rollcall/contract'
import t from 'tap'
import { type Operation, openApiDocument } from '../../src/documents/openapi.ts'

const document = openApiDocument({ publicUrl: 'https://accounts.rollcall.test', version: '1.2.3' })
const text = JSON.stringify(document)

function operationOf(id: string): Operation {
  const found = Object.values(document.paths)
    .flatMap((path) => Object.values(path))
    .find(({ operationId }) => operationId === id)
  if (!found) throw new Error(`${id} is not in the document`)
  return found
}

t.test('the document holds every endpoint of the contract at its method and path', async (t) => {
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId }]) => [operationId, method, path]),
  )
  const contract = listEndpoints().map(([id, { method, path }]) => [
    id,
    method.toLowerCase(),
    path.replace(':id', '{id}'),
  ])
  t.same(described.sort(), contract.sort())
})

t.test('each operation lists the problems of the contract, status by status', async (t) => {
  for (const [id, endpoint] of listEndpoints()) {
    const codes = Object.entries(operationOf(id).responses).flatMap(([status, { content }]) => {
      const examples = Object.entries(content?.['application/problem+json']?.examples ?? {})
      for (const [code, { value }] of examples) t.match(value, { code, status: Number(status) })
      return examples.map(([code]) => code)
    })
    t.same(codes.sort(), problemsOf(endpoint).sort(), id)
  }
})

t.test('what needs a token says so, and what does not says that', async (t) => {
  for (const [id, { access }] of listEndpoints()) {
    const expected = access.kind === 'anyone' ? [] : [{ bearerAuth: [] }]
    t.same(operationOf(id).security, expected, id)
  }
})

t.test('answers name the headers they carry', async (t) => {
  const { responses } = operationOf('users.update')
  t.match(responses, {
    200: { headers: { ETag: Object } },
    401: { headers: { 'WWW-Authenticate': Object } },
    429: { headers: { 'Retry-After': Object } },
    503: { headers: { 'Retry-After': Object } },
  })
  t.match(operationOf('register').responses, { 201: { headers: { Location: Object } } })
})

t.test(
  'a stream is described in each media type, with an example and no schema of JSON',
  async (t) => {
    const streams = listEndpoints().filter(([, { response }]) => isStream(response[1]))
    t.same(
      streams.map(([id]) => id),
      ['users.export'],
    )
    const { responses } = operationOf('users.export')
    const { content, headers } = responses[200] ?? {}
    t.same(Object.keys(content ?? {}), ['text/csv', 'application/x-ndjson'])
    for (const type of Object.values(content ?? {})) {
      t.equal(type.schema.type, 'string')
      t.type(type.example, 'string')
    }
    t.match(headers, { 'Content-Disposition': { example: /^attachment; filename="/ } })
  },
)

t.test('conditional writes take If-Match, and reads do not', async (t) => {
  const takers = listEndpoints()
    .map(([id]) => id)
    .filter((id) => operationOf(id).parameters?.some(({ name }) => name === 'If-Match'))
  t.same(takers, [
    'users.replaceMe',
    'users.updateMe',
    'users.deleteMe',
    'users.replace',
    'users.update',
    'users.setRoles',
    'users.delete',
  ])
})

t.test('what the contract marks as idempotent takes an Idempotency-Key, and says so', async (t) => {
  const marked = listEndpoints().filter(([, { idempotent }]) => idempotent)
  const takers = listEndpoints().filter(([id]) =>
    operationOf(id).parameters?.some(({ name }) => name === 'Idempotency-Key'),
  )
  t.ok(marked.length >= 3)
  t.same(takers, marked)
  for (const [id, { response }] of marked) {
    const { responses } = operationOf(id)
    t.ok(responses[response[0]]?.headers?.['Idempotency-Replayed'], id)
    t.ok(responses[409]?.headers?.['Retry-After'], id)
  }
})

t.test('query parameters are described one by one, with examples of their type', async (t) => {
  const parameters = operationOf('users.list').parameters ?? []
  const limit = parameters.find(({ name }) => name === 'limit')
  t.match(limit, { in: 'query', required: false, example: 10, schema: { type: 'integer' } })
  t.match(operationOf('users.get').parameters, [{ name: 'id', in: 'path', required: true }])
})

t.test('schemas with a name are referred to, and every one that is there is', async (t) => {
  const referred = new Set(text.match(/(?<="#\/components\/schemas\/)\w+/g))
  t.same(Object.keys(document.components.schemas).sort(), [...referred].sort())
  t.same(document.components.schemas.UserPage?.properties, {
    ...(document.components.schemas.UserPage?.properties as object),
    results: {
      type: 'array',
      items: { $ref: '#/components/schemas/User' },
      description: 'The accounts of this page.',
    },
  })
})

t.test('nothing of the schema library shows', async (t) => {
  t.notMatch(text, /"\$id"|"~|patternProperties/)
})

t.test('every code of the catalogue keeps its one status', async (t) => {
  const statuses = text.matchAll(/"status":(\d+),"detail":"[^"]*","code":"(\w+)"/g)
  for (const [found, status, code] of statuses) {
    t.equal(Number(status), problems[code as keyof typeof problems].status, found)
  }
})

t.test('the document carries the URL and the version of the server', async (t) => {
  t.match(document, {
    openapi: /^3\.1\./,
    info: { version: '1.2.3', license: { identifier: 'MIT' } },
    servers: [{ url: 'https://accounts.rollcall.test' }],
  })
})
