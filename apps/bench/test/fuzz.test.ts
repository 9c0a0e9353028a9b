import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { problems } from '@rollcall/contract'
import { openApiDocument } from '@rollcall/server/src/documents/openapi.ts'
import t, { type Test } from 'tap'
import type { Answer } from '../src/caller.ts'
import { toCurl } from '../src/fuzz/curl.ts'
import { type Operation, readDocument } from '../src/fuzz/document.ts'
import { judge } from '../src/fuzz/judge.ts'
import { createMemory } from '../src/fuzz/memory.ts'
import { makeRequest } from '../src/fuzz/requests.ts'
import { createRandom } from '../src/seed/random.ts'

const operations = await readOperations(t)

t.test('the same seed makes the same requests', async (t) => {
  const make = (seed: number) => {
    const random = createRandom(seed)
    return Array.from({ length: 500 }, () => {
      const { operation, ...call } = makeRequest(operations, random, new Map())
      return { ...call, id: operation.id }
    })
  }
  t.same(make(1), make(1))
  t.notSame(make(1), make(2))
})

t.test('every operation is called, in every way', async (t) => {
  const random = createRandom(1)
  const made = Array.from({ length: 5_000 }, () => makeRequest(operations, random, new Map()))
  for (const kind of ['valid', 'nearly valid', 'hostile']) {
    const called = new Set(
      made.filter((each) => each.kind === kind).map((each) => each.operation.id),
    )
    t.equal(called.size, operations.length, kind)
  }
})

t.test('where a list or a call for many goes on is remembered', async (t) => {
  const memory = createMemory('operator')
  memory.learn({ results: [], next: 'http://rollcall.test/api/users/?limit=5&cursor=page' })
  memory.learn({ matched: 9, next: 'rest' })
  t.same(memory.values.get('cursor'), ['page', 'rest'])
})

t.test('an answer that is not as it is declared is found out', async (t) => {
  const operation = operations.find(({ id }) => id === 'health.live') as Operation
  const made = { operation, kind: 'valid' as const, method: 'GET', path: '/healthz' }
  const answer = (status: number, body: unknown, type = 'application/json'): Answer => ({
    status,
    headers: { 'content-type': type },
    text: JSON.stringify(body),
    durationMs: 1,
  })
  const problem = {
    type: 'http://rollcall.test/#problem-throttled',
    title: problems.throttled.title,
    status: 429,
    detail: 'Wait.',
    code: 'throttled',
    request_id: 'a',
  }
  const wrong: Record<string, Answer> = {
    'a fault': answer(500, {}),
    'another status': answer(204, {}),
    'another type': answer(200, { status: 'ok' }, 'text/html'),
    'a member missing': answer(200, {}),
    'a member that is not declared': answer(200, { status: 'ok', secret: 'a' }),
    'a member of a problem that is not declared': answer(
      429,
      { ...problem, stack: 'a' },
      'application/problem+json',
    ),
    'a code of another status': answer(
      429,
      { ...problem, code: 'not_found' },
      'application/problem+json',
    ),
    'an answer that took too long': { ...answer(200, { status: 'ok' }), durationMs: 2_001 },
  }
  for (const [what, each] of Object.entries(wrong)) t.ok(judge(made, each, 2_000), what)
  t.notOk(judge(made, answer(200, { status: 'ok' }), 2_000))
  t.notOk(judge(made, answer(429, problem, 'application/problem+json'), 2_000))
})

t.test('a request is printed as a line for a shell', async (t) => {
  const call = { method: 'POST', path: '/api/token/', token: 'a', body: "it's\u0000" }
  t.equal(
    toCurl('http://127.0.0.1:8000', call),
    `curl -i --path-as-is -g -X POST -H 'content-type: application/json' -H 'authorization: Bearer a' --data-binary $'it\\x27s\\x00' 'http://127.0.0.1:8000/api/token/'`,
  )
})

async function readOperations(t: Test): Promise<Operation[]> {
  const document = openApiDocument({ publicUrl: 'http://rollcall.test', version: '1' })
  const server = createServer((_request, response) => response.end(JSON.stringify(document)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return readDocument(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}
