import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { createClient } from '@rollcall/sdk'
import t, { type Test } from 'tap'
import { temporaryFolder } from '../support/databases.ts'
import { createRollcall } from './rollcall.ts'

const daySeconds = 86_400

const { url, line, users, said, control, call } = await startTestServer(t)
t.beforeEach(() => control('POST', '/reset'))

t.test('one line of JSON says where it serves, and who can sign in', async (t) => {
  t.same(Object.keys(line), ['url', 'control_url', 'control_token', 'users'])
  t.match(url, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/)
  t.match(line.control_url, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/)
  t.match(users, [
    { username: 'admin', is_superuser: true },
    { username: 'alice', is_superuser: false },
    { username: 'bob', is_superuser: false },
  ])
  for (const { id, username, password, is_superuser } of users) {
    const client = await signIn(url, username, password)
    t.match(await client.users.me(), { id, username, is_superuser, is_active: true })
  }
  t.equal((await control('GET', '/mails')).status, 200)
  t.equal(said.stdout.split('\n').length, 2, 'and nothing else is printed there')
  t.match(said.stderr, /^rollcall: THIS IS A TEST SERVER, never to be used for anything real/)
})

t.test('POST /clock puts the clock forward', async (t) => {
  const client = await signIn(url, 'alice', users[1]?.password)
  const admin = await signIn(url, 'admin', users[0]?.password)
  const link = await admin.users.passwordLink(users[1]?.id ?? '')

  const { status, body } = await control('POST', '/clock', { advance_seconds: daySeconds })
  t.equal(status, 200)
  t.ok(Date.parse(body.now ?? '') >= Date.parse(link.expires_at))
  const expired = { token: link.url.split('#')[1] ?? '', new_password: 'staple-paper-clip-42' }
  await t.rejects(
    client.password.set(expired),
    { code: 'validation_failed' },
    'the link has expired',
  )
  await t.resolves(client.users.me(), 'the session has not, and is renewed')

  for (const wrong of [undefined, {}, { advance_seconds: '1' }, { advance_seconds: -1 }]) {
    t.match(await control('POST', '/clock', wrong), {
      status: 400,
      body: { code: 'validation_failed', errors: [{ field: 'advance_seconds' }] },
    })
  }
})

t.test('GET /mails answers what would have been sent', async (t) => {
  t.same((await control('GET', '/mails')).body, { results: [] })
  const admin = await signIn(url, 'admin', users[0]?.password)
  const link = await admin.users.passwordLink(users[1]?.id ?? '')
  const token = link.url.split('#')[1] ?? ''
  await admin.password.set({ token, new_password: 'staple-paper-clip-42' })
  t.match((await control('GET', '/mails')).body, {
    results: [
      { user_id: users[1]?.id, to: 'alice@example.com', subject: 'Your password was changed' },
    ],
  })
})

t.test('POST /users makes an account with any flags', async (t) => {
  const carol = await control('POST', '/users', { username: 'carol', is_superuser: true })
  t.match(carol, { status: 200, body: { username: 'carol', is_superuser: true, is_active: true } })
  const client = await signIn(url, 'carol', carol.body.password)
  t.match(await client.users.me(), { id: carol.body.id, is_superuser: true })

  const dave = { username: 'dave', password: 'staple-paper-clip-42', is_active: false }
  t.match(await control('POST', '/users', dave), { body: { password: dave.password } })
  t.equal((await call('POST', '/api/token/', dave)).status, 401)

  t.match(await control('POST', '/users', { username: 'CAROL' }), {
    status: 400,
    body: { errors: [{ field: 'username', code: 'unique' }] },
  })
  t.match(await control('POST', '/users', {}), {
    status: 400,
    body: { errors: [{ field: 'username', code: 'required' }] },
  })
})

t.test('POST /reset sets everything back to the start', async (t) => {
  const admin = await signIn(url, 'admin', users[0]?.password)
  await admin.users.delete(users[1]?.id ?? '')
  await admin.users.update(users[2]?.id ?? '', { first_name: 'Robert' })
  const { results: roles } = await admin.roles.list()
  await admin.roles.delete(roles[0]?.id ?? '')
  await control('POST', '/users', { username: 'carol' })
  await control('POST', '/clock', { advance_seconds: daySeconds })
  const before = Date.now()

  t.match(await control('POST', '/reset'), { status: 200, body: { users } })
  await t.rejects(admin.users.me(), 'nobody is signed in any more')
  const again = await signIn(url, 'admin', users[0]?.password)
  const { results } = await again.users.list({ ordering: 'username' })
  t.same(
    results.map(({ id, username, first_name }) => [id, username, first_name]),
    users.map(({ id, username }) => [id, username, null]),
  )
  t.same((await again.roles.list()).results, roles)
  t.same((await control('GET', '/mails')).body, { results: [] })
  const { body } = await control('POST', '/clock', { advance_seconds: 0 })
  t.ok(Date.parse(body.now ?? '') < before + daySeconds * 1_000)
  const { results: events } = await again.audit.list({ limit: 100 })
  t.same(
    events.map(({ action }) => action).filter((action) => action !== 'sign_in.succeeded'),
    ['user.created', 'user.created', 'user.created', 'key.rotated'],
  )
  t.equal((await call('POST', '/api/token/', { username: 'carol', password: 'x' })).status, 401)
})

t.test('nobody controls it without the token', async (t) => {
  const credentials = { username: 'admin', password: users[0]?.password }
  const { access } = (await call('POST', '/api/token/', credentials)).body
  for (const authorization of ['', 'Bearer', 'Bearer wrong', `Bearer ${access}`]) {
    for (const [method, path] of [
      ['POST', '/users'],
      ['POST', '/reset'],
      ['GET', '/mails'],
      ['GET', '/'],
    ] as const) {
      const body = method === 'POST' ? JSON.stringify({ username: 'mallory' }) : null
      const init = { method, body, headers: { authorization } }
      const answer = await fetch(line.control_url + path, init)
      t.equal(answer.status, 401, `${path} ${authorization}`)
      t.match(await answer.json(), { code: 'not_authenticated' })
    }
  }
  const admin = await signIn(url, 'admin', users[0]?.password)
  t.equal((await admin.users.list()).results.length, 3)
  t.match(await control('GET', '/'), { status: 404 }, 'and what there is none of is not there')
  t.match(await control('POST', '/users', '{'), { status: 400, body: { code: 'parse_error' } })
})

t.test('it ends with standard input or a signal, and leaves nothing behind', async (t) => {
  const ends = {
    'standard input': (server: Started) => server.child.stdin?.end(),
    SIGTERM: (server: Started) => server.child.kill('SIGTERM'),
    SIGINT: (server: Started) => server.child.kill('SIGINT'),
  }
  const testEnd = async ([name, end]: [string, (server: Started) => void]) => {
    const folder = temporaryFolder(t)
    const server = await startTestServer(t, { TMPDIR: folder })
    t.equal(readdirSync(folder).length, 1)
    end(server)
    t.same(await once(server.child, 'close'), [0, null], name)
    t.same(readdirSync(folder), [], name)
    await t.rejects(fetch(server.url), name)
    await t.rejects(fetch(server.line.control_url), name)
  }
  await Promise.all(Object.entries(ends).map(testEnd))
})

t.test('in production it does not start', async (t) => {
  const folder = temporaryFolder(t)
  const { run } = createRollcall(t, { ROLLCALL_ENV: 'production', TMPDIR: folder })
  t.match(await run(['test-server', '--json']), {
    code: 1,
    stdout: '',
    stderr: /^rollcall: ROLLCALL_ENV is production, and a test server never is\. .+\n$/,
  })
  t.same(readdirSync(folder), [])
})

t.test('it has a database, a secret and an address of its own, whatever is set', async (t) => {
  const { url, folder, users, call } = await startTestServer(t, {
    ROLLCALL_HOST: '0.0.0.0',
    ROLLCALL_PORT: '1',
    ROLLCALL_PUBLIC_URL: 'https://accounts.example.com',
    ROLLCALL_DATABASE_URL: 'file:real.db',
    ROLLCALL_LIMITS: 'on',
    ROLLCALL_REGISTRATION: 'closed',
  })
  t.same(readdirSync(folder), [], 'neither database nor secret is touched')
  const { port } = new URL(url)
  for (const address of foreignAddresses()) t.notOk(await isOpen(address, port), address)

  const wrong = { username: 'alice', password: 'wrong' }
  for (let attempt = 0; attempt < 20; attempt += 1) await call('POST', '/api/token/', wrong)
  const right = { username: 'alice', password: users[1]?.password }
  t.equal((await call('POST', '/api/token/', right)).status, 200, 'no attempt has to wait')

  const carol = { username: 'carol', email: 'carol@example.com', password: 'correct-horse-battery' }
  t.match(await call('POST', '/api/register/', carol), { status: 403 }, 'all else is as set')
})

type Started = Awaited<ReturnType<typeof startTestServer>>

interface Line {
  readonly url: string
  readonly control_url: string
  readonly control_token: string
  readonly users: { id: string; username: string; password: string; is_superuser: boolean }[]
}

/** The real command, once it has said where it serves. */
async function startTestServer(t: Test, env: Record<string, string> = {}) {
  const { folder, start } = createRollcall(t, { TMPDIR: temporaryFolder(t), ...env })
  const child = start(['test-server', '--json'], { isInputOpen: true })
  const said = { stdout: '', stderr: '' }
  const printed = new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      said.stderr += chunk
    })
    child.stdout?.on('data', (chunk) => {
      said.stdout += chunk
      if (said.stdout.includes('\n')) resolve()
    })
    child.once('close', () => reject(new Error(`It ended: ${said.stderr}`)))
  })
  await printed
  const line: Line = JSON.parse(said.stdout)
  const { url, users } = line

  const control = (method: string, path: string, body?: unknown) =>
    send(line.control_url + path, method, body, line.control_token)
  const call = (method: string, path: string, body?: unknown) => send(url + path, method, body)

  return { child, said, folder, line, url, users, control, call }
}

async function send(url: string, method: string, body: unknown, token?: string) {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: body === undefined || typeof body === 'string' ? (body ?? null) : JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, string> }
}

async function signIn(url: string, username: string, password = '') {
  const client = createClient({ baseUrl: url })
  await client.auth.signIn({ username, password })
  return client
}

/** Where this machine can be reached from others. */
function foreignAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address)
}

async function isOpen(host: string, port: string): Promise<boolean> {
  const socket = connect(Number(port), host)
  return once(socket, 'connect').then(
    () => {
      socket.destroy()
      return true
    },
    () => false,
  )
}
