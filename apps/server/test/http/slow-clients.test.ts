import { connect } from 'node:net'
import t from 'tap'
import { startServer } from '../support/server.ts'
import { createRefusals } from './refusals.ts'
import { allRows } from './rows.ts'
import { answersOf, trickle } from './sockets.ts'

const head = 'Host: a\r\nContent-Type: application/json\r\n'
const post = `POST /api/register/ HTTP/1.1\r\n${head}`

t.test('a client that sends byte by byte, or nothing, is told and cut off', async (t) => {
  const { url, app, store } = await startServer(t)
  const before = await allRows(store)
  t.equal(app.server.headersTimeout, 5_000, 'headers may take 5 s')
  t.equal(app.server.requestTimeout, 10_000, 'a whole request may take 10 s')
  // The test need not be as patient.
  app.server.headersTimeout = 100
  app.server.requestTimeout = 200

  const slow = {
    'the first line': trickle(url, 'GET /', 'a'),
    'a header': trickle(url, `GET /healthz HTTP/1.1\r\nHost: a\r\nX: `, 'a'),
    'many headers': trickle(url, `GET /healthz HTTP/1.1\r\nHost: a\r\n`, 'X: a\r\n'),
    'a body': trickle(url, `${post}Content-Length: 60000\r\n\r\n{"a":"`, 'a'),
    'a body not begun': answersOf(connect(Number(new URL(url).port), '127.0.0.1').setNoDelay()),
    chunks: trickle(url, `${post}Transfer-Encoding: chunked\r\n\r\n`, '1\r\na\r\n'),
  }
  const second = trickle(url, `GET /healthz HTTP/1.1\r\n${head}\r\nGET /`, 'a')

  const refusals = createRefusals()
  for (const [what, answers] of Object.entries(slow)) {
    const [answer, ...more] = await answers
    t.same(more, [])
    if (answer) refusals.expect(what, answer, 'request_timeout')
  }
  refusals.assert(t, 6)
  t.match(await second, [{ status: 200 }, { status: 408 }], 'a later request is no exception')
  t.same(await allRows(store), before, 'nothing is stored')
})

t.test('a client that was refused and never closes does not keep its connection', async (t) => {
  const { url, app } = await startServer(t)
  const closed = new Promise((resolve) => {
    app.server.on('connection', (socket) => socket.on('close', resolve))
  })
  const port = Number(new URL(url).port)
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  client.on('error', () => {})
  const answered = new Promise((resolve) => client.on('end', resolve))
  client.resume()
  client.write('nonsense\r\n\r\n')
  await answered
  await closed
  t.pass('the server has closed its side for good')
  client.destroy()
})
