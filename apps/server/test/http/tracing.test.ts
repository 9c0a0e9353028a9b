import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import t from 'tap'
import { createServer, password } from '../support/server.ts'

const exporter = new InMemorySpanExporter()
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register()

/** The spans of what is done, without those of what came before. */
async function spansOf(work: () => Promise<unknown>) {
  exporter.reset()
  await work()
  return exporter.getFinishedSpans()
}

t.test('with an SDK, a request has a span by its operation, with its work below', async (t) => {
  const { call, signUp } = await createServer(t)
  await signUp('alice')
  const spans = await spansOf(() =>
    call('POST', '/api/token/', { body: { username: 'alice', password } }),
  )
  const request = spans.find(({ name }) => name === 'token.create')
  t.match(request?.attributes, {
    'http.request.method': 'POST',
    'http.route': '/api/token/',
    'url.path': '/api/token/',
    'http.response.status_code': 200,
  })
  const children = spans.filter(
    ({ parentSpanContext }) => parentSpanContext?.spanId === request?.spanContext().spanId,
  )
  t.same(new Set(children.map(({ name }) => name)), new Set(['password.verify', 'store.write']))
  t.notOk(JSON.stringify(spans.map(({ attributes }) => attributes)).includes(password))
})

t.test('the trace of the caller is gone on with', async (t) => {
  const { call } = await createServer(t)
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` }
  const [span] = await spansOf(() => call('GET', '/healthz', { headers }))
  t.equal(span?.name, 'health.live')
  t.equal(span?.spanContext().traceId, traceId)
})

t.test('a refused request and one for nothing end their spans too', async (t) => {
  const { call } = await createServer(t)
  const refused = await spansOf(() => call('GET', '/api/users/me/'))
  t.match(refused, [{ name: 'users.me', attributes: { 'http.response.status_code': 401 } }])
  const missed = await spansOf(() => call('GET', '/nowhere?secret=1'))
  t.match(missed, [{ name: 'GET', attributes: { 'http.response.status_code': 404 } }])
  t.notOk(JSON.stringify(missed.map(({ attributes }) => attributes)).includes('secret'))
})
