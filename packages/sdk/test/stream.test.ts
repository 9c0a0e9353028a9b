import t from 'tap'
import { createClient } from '../src/index.ts'
import { json } from './fake-server.ts'
import { me, signIn } from './sign-in.ts'

const exportRoute = 'GET /api/users/export/'

/** A body that is written by the test, and ends when the request is ended. */
function createBody(signal: RequestInit['signal']) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  signal?.addEventListener('abort', () => writer.abort(signal.reason))
  return { readable, write: (text: string) => writer.write(new TextEncoder().encode(text)) }
}

/** A client of a server that begins to answer at once and goes on when it is told to. */
function createStreaming(timeoutMs = 30_000) {
  const bodies: ReturnType<typeof createBody>[] = []
  const fetch = async (_url: string, { signal }: RequestInit) => {
    const body = createBody(signal)
    bodies.push(body)
    return new Response(body.readable, { headers: { 'content-type': 'text/csv' } })
  }
  const client = createClient({ baseUrl: 'http://rollcall.test', fetch, timeoutMs })
  return { client, bodies }
}

t.test('a stream is handed over when it begins, and read as it comes', async (t) => {
  const { client, bodies } = createStreaming()
  const response = await client.users.export()
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  for (const part of ['id,username\r\n', '1,alice\r\n']) {
    const read = reader?.read()
    await bodies[0]?.write(part)
    t.same(await read, { done: false, value: part })
  }
})

t.test('no time limit holds for what comes after the beginning', async (t) => {
  const { client, bodies } = createStreaming(1)
  const reader = (await client.users.export()).body?.getReader()
  const read = reader?.read()
  // Timers end in the order of their times: that of the client would have come before this one.
  await new Promise((resolve) => setTimeout(resolve, 2))
  await bodies[0]?.write('a')
  t.equal((await read)?.value?.length, 1)
})

t.test('the caller’s signal ends what is still read', async (t) => {
  const { client } = createStreaming()
  const controller = new AbortController()
  const response = await client.users.export({}, { signal: controller.signal })
  const text = response.text()
  controller.abort(new Error('enough'))
  await t.rejects(text, { message: 'enough' })
})

t.test('a refusal is an ApiError, not a stream', async (t) => {
  const { client, server } = await signIn()
  server.on(exportRoute, () =>
    json(403, { code: 'reauthentication_required', detail: 'Prove it.', request_id: 'r' }),
  )
  await t.rejects(client.users.export(), { code: 'reauthentication_required', status: 403 })
})

t.test('an expired access token is renewed, and the stream asked for again', async (t) => {
  const { client, server } = await signIn()
  await client.users.me()
  server.refuseAccess()
  server.on(exportRoute, (request) => {
    const token = request.headers.get('authorization')
    return server.count(exportRoute) === 1
      ? json(401, { code: 'token_not_valid', detail: 'Expired.', request_id: 'r' })
      : new Response(token)
  })
  const { headers, data } = await client.users.export().withResponse()
  t.ok(headers instanceof Headers)
  t.match(await data.text(), /^Bearer /)
  t.equal(server.count(exportRoute), 2)
  t.equal(server.count(me), 1)
})
