import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Endpoint, listEndpoints } from '@rollcall/contract'
import { type SQL, sql } from 'drizzle-orm'
import type { Test } from 'tap'
import { operator } from '../src/features/audit/origin.ts'
import { createLogger } from '../src/logger.ts'
import { type DatabaseName, onEachDatabase, temporaryFolder } from './support/databases.ts'
import { createServer, type TestServer } from './support/server.ts'

/** Begins every secret that is planted; 24 bytes. */
const marker = `planted-${randomBytes(8).toString('hex')}`
const serverSecret = `${marker}, the secret of the server`
let made = 0

await onEachDatabase(async (t, database) => {
  const lines: string[] = []
  const logger = createLogger('trace', { write: (line: string) => void lines.push(line) })
  const config = { limits: 'on', logLevel: 'trace', secret: serverSecret } as const
  const server = await createServer(t, { database, config, logger })
  const secrets = createSecrets()
  const answers: string[] = []

  await t.test('secrets are planted in every request of the contract', async (t) => {
    const root = await signUp(server, secrets, { is_superuser: true })
    for (const [operationId, endpoint] of listEndpoints()) {
      const alice = await signUp(server, secrets)
      for (const request of await requestsFor(endpoint, { server, secrets, alice, root })) {
        const answer = await send(server, request)
        if (isRevealing(operationId) && answer.statusCode < 400) secrets.addFrom(answer.body)
        else answers.push(JSON.stringify([answer.headers, answer.body]))
      }
    }
    t.ok(answers.length > listEndpoints().length * 3)
    t.ok(answers.some((answer) => answer.includes('password_incorrect')))
    t.ok(answers.some((answer) => answer.includes('parse_error')))
  })

  await t.test('ASVS 14.2.1, 16.5.1: no answer tells a secret that was sent', async (t) => {
    t.same(secrets.foundIn(answers.join('\n')), [])
  })

  await t.test(
    'ASVS 14.2.4, 16.2.5: no row of any table holds one, audit trail included',
    async (t) => {
      for (const [name, rows] of Object.entries(await dump(server))) {
        t.same(secrets.foundIn(JSON.stringify(rows)), [], name)
      }
      t.same(
        secrets.foundIn(bytesOf(server, database)),
        [],
        'nor the file, in what was overwritten',
      )
    },
  )

  // Once is enough: what it prints does not depend on the database.
  if (database === 'sqlite') await testCommandLine(t, server, secrets)

  await t.test('ASVS 16.2.5: no log line holds one, when the database fails too', async (t) => {
    const alice = await signUp(server, secrets)
    await server.store.write((tx) => run(tx, sql`ALTER TABLE users RENAME TO users_gone`))
    const before = lines.length
    for (const [, endpoint] of listEndpoints()) {
      const parts = { server, secrets, alice, root: alice }
      for (const request of await requestsFor(endpoint, parts)) await send(server, request)
    }
    const failed = lines.slice(before).join('\n')
    t.match(failed, '"code":"internal_error"')
    t.same(secrets.foundIn(lines.join('\n')), [])
    t.notMatch(lines.join('\n'), /\$argon2/, 'nor the hash of a password')
  })
})

function testCommandLine(t: Test, server: TestServer, secrets: Secrets) {
  return t.test('ASVS 16.2.5: the command line prints none', async (t) => {
    const environment = {
      ROLLCALL_DATABASE_URL: server.databaseUrl,
      ROLLCALL_SECRET: serverSecret,
      ROLLCALL_LOG_LEVEL: 'trace',
    }
    const commands = [
      ['create-superuser', '--username=boss', '--email=b@example.com', '--password-stdin'],
      ['change-password', 'nobody', '--password-stdin'],
      ['config'],
      ['keys', 'list', '--json'],
      ['audit', 'export'],
    ]
    const password = secrets.plant()
    const output = await rollcall(commands, { environment, cwd: temporaryFolder(t), password })
    for (const part of ['boss is made', 'no account nobody', 'ROLLCALL_SECRET', 'user.created']) {
      t.match(output, part)
    }
    t.same(secrets.foundIn(output), [])
  })
}

/** What must be nowhere, in any of the forms that it could be written down in. */
function createSecrets() {
  const tokens = new Set<string>()
  let planted = 0

  function foundIn(text: string): string[] {
    const wanted = [...formsOf(marker), ...tokens]
    const found = wanted.map((secret) => text.indexOf(secret)).filter((at) => at >= 0)
    return found.map((at) => text.slice(Math.max(0, at - 80), at + 80))
  }

  return {
    plant(): string {
      planted += 1
      return `${marker} ${planted} ü`
    },
    /** A token that the server has made, which no text may repeat. */
    add(token: string): string {
      tokens.add(token).add(token.slice(-24))
      return token
    },
    addFrom(body: string) {
      for (const [token] of body.matchAll(/(eyJ|rc[or]_)[\w.-]+/g)) this.add(token)
    },
    foundIn,
  }
}

/** The length lets its base64 begin that of all that begins with it. */
function formsOf(text: string): string[] {
  const bytes = Buffer.from(text)
  return [text, bytes.toString('hex'), bytes.toString('base64')]
}

type Secrets = ReturnType<typeof createSecrets>
type Account = Awaited<ReturnType<typeof signUp>>

/** An account with a password of its own, signed in. */
async function signUp(server: TestServer, secrets: Secrets, flags: { is_superuser?: true } = {}) {
  made += 1
  const username = `person${made}`
  const password = secrets.plant()
  const email = `${username}@example.com`
  const { id } = await server.users.create({ username, email, password, ...flags }, operator)
  const { body } = await server.call('POST', '/api/token/', { body: { username, password } })
  return {
    id,
    username,
    password,
    access: secrets.add(body.access),
    refresh: secrets.add(body.refresh),
  }
}

interface Parts {
  readonly server: TestServer
  readonly secrets: Secrets
  readonly alice: Account
  readonly root: Account
}

interface Request {
  readonly method: Endpoint['method']
  readonly url: string
  readonly headers: Record<string, string>
  readonly payload?: string
}

/** One request that is served, and many that are refused, each with secrets of its own. */
async function requestsFor(endpoint: Endpoint, parts: Parts): Promise<Request[]> {
  const { secrets, alice, root } = parts
  const { method, access } = endpoint
  const path = endpoint.path.replace(':id', alice.id)
  const isStaff = access.kind === 'permission'
  const authorization = `Bearer ${isStaff ? root.access : alice.access}`
  const json = { authorization, 'content-type': 'application/json' }
  const query = new URLSearchParams({ password: secrets.plant(), token: secrets.plant() })
  const bodies = await bodiesFor(endpoint, parts)
  // The key itself, and the answer that is kept for it, hold secrets.
  const keyed = (headers: Record<string, string>) => ({
    ...headers,
    'idempotency-key': tokenLike(secrets),
  })
  return [
    { method, url: path, headers: { authorization: `Bearer ${tokenLike(secrets)}` } },
    { method, url: path, headers: { authorization: `Basic ${basic(secrets)}` } },
    { method, url: path, headers: { cookie: `__Host-rollcall_refresh=${tokenLike(secrets)}` } },
    { method, url: `${path}?${query}`, headers: { authorization } },
    { method, url: path, headers: { authorization, 'if-match': tokenLike(secrets) } },
    ...bodies.map((payload) => ({ method, url: path, headers: keyed(json), payload })),
    ...bodies.map((payload) => ({ method, url: path, headers: { authorization }, payload })),
    // Last, since it may end the session.
    ...(endpoint.body ? [] : [{ method, url: path, headers: { authorization } }]),
  ]
}

function tokenLike(secrets: Secrets): string {
  return `rcr_${secrets.plant().replaceAll(/\W/g, '-')}`
}

function basic(secrets: Secrets): string {
  return Buffer.from(`alice:${secrets.plant()}`).toString('base64')
}

/** Malformed, of the wrong types, with members too many, wrong, and at last right. */
async function bodiesFor(endpoint: Endpoint, parts: Parts): Promise<string[]> {
  const { secrets, alice } = parts
  if (!endpoint.body) return []
  const members = Object.keys(endpoint.body.properties)
  const filled = (value: () => unknown) =>
    JSON.stringify(Object.fromEntries(members.map((member) => [member, value()])))
  return [
    `{"password": "${secrets.plant()}`,
    JSON.stringify(secrets.plant()),
    filled(() => [secrets.plant()]),
    filled(() => ({ nested: secrets.plant() })),
    JSON.stringify({ ...(await rightBody(endpoint, parts)), ...wrongSecrets(endpoint, secrets) }),
    JSON.stringify({ username: alice.username, api_key: secrets.plant(), [secrets.plant()]: 1 }),
    JSON.stringify(await rightBody(endpoint, parts)),
  ]
}

/** People type their password into the field of the name, too. */
function wrongSecrets({ path, body }: Endpoint, secrets: Secrets) {
  const secret = ['password', 'current_password', 'new_password', 'token', 'refresh']
  if (path === '/api/token/') secret.push('username')
  const members = Object.keys(body?.properties ?? {}).filter((member) => secret.includes(member))
  return Object.fromEntries(members.map((member) => [member, secrets.plant()]))
}

async function rightBody({ path, example }: Endpoint, parts: Parts) {
  const { secrets, alice } = parts
  made += 1
  const isNew = path === '/api/register/' || path === '/api/users/'
  const live: Record<string, unknown> = {
    username: path === '/api/token/' ? alice.username : `person${made}`,
    email: `person${made}@example.com`,
    name: `role${made}`,
    password: isNew ? secrets.plant() : alice.password,
    current_password: alice.password,
    new_password: secrets.plant(),
    refresh: alice.refresh,
    token: path === '/api/password/set/' ? await linkToken(parts) : alice.access,
  }
  const members = Object.entries(example.body ?? {})
  return Object.fromEntries(members.map(([member, value]) => [member, live[member] ?? value]))
}

async function linkToken({ server, secrets, alice, root }: Parts): Promise<string> {
  const path = `/api/users/${alice.id}/password-link/`
  const { body } = await server.call('POST', path, { token: root.access })
  return secrets.add(body.url?.split('#')[1] ?? tokenLike(secrets))
}

function send({ app }: TestServer, request: Request) {
  return app.inject(request)
}

/** What is there to hand out tokens and links. */
function isRevealing(operationId: string): boolean {
  return ['token.', 'users.passwordLink', 'invitations.'].some((id) => operationId.startsWith(id))
}

/** Both dialects' way to run a statement that no builder makes. */
async function run(tx: unknown, statement: SQL) {
  const raw = tx as { run?(query: SQL): unknown; execute?(query: SQL): Promise<unknown> }
  await (raw.execute ? raw.execute(statement) : raw.run?.(statement))
}

async function dump({ store }: TestServer): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {}
  for (const [name, table] of Object.entries(store.tables)) {
    tables[name] = await store.read.select().from(table)
  }
  return tables
}

/** The files of SQLite as they are, with what was deleted or overwritten. */
function bytesOf({ databaseUrl }: TestServer, database: DatabaseName): string {
  if (database !== 'sqlite') return ''
  const folder = dirname(databaseUrl.slice('file:'.length))
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n')
}

/** What commands print, to either stream; in one process, which starts but once. */
function rollcall(
  commands: string[][],
  options: { environment: Record<string, string>; cwd: string; password: string },
): Promise<string> {
  const { environment, cwd, password } = options
  const module = new URL('../src/commands/run.ts', import.meta.url)
  const script = `import { run } from '${module}'
    for (const words of ${JSON.stringify(commands)}) await run(['', '', ...words], process.env)`
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, ...environment }
    const argv = ['--input-type=module', '--eval', script]
    const child = execFile(process.execPath, argv, { cwd, env }, (_error, ...output) =>
      resolve(output.join('\n')),
    )
    child.stdin?.end(password)
  })
}
