import type { Problem } from '@rollcall/contract'
import { type Client, createClient } from '@rollcall/sdk'
import type { FastifyBaseLogger, LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { type Clock, toInstant } from '../../src/clock.ts'
import { type Config, loadConfig } from '../../src/config.ts'
import { openStore } from '../../src/db/store.ts'
import { operator } from '../../src/features/audit/origin.ts'
import type { CountCall } from '../../src/http/limits.ts'
import type { Mail } from '../../src/mailer.ts'
import { createDatabase, type DatabaseName } from './databases.ts'

export interface TestOptions {
  readonly database?: DatabaseName
  readonly config?: Partial<Config>
  /** Share a database with another server. */
  readonly databaseUrl?: string
  /** A replica of that database. */
  readonly readUrl?: string
  readonly onReplica?: (isThere: boolean) => void
  readonly logger?: FastifyBaseLogger
  /** A built panel; the repository's own, which may not be built, unless given. */
  readonly panelFolder?: string
  /** Counts calls together with other servers. */
  readonly countCall?: CountCall
}

/** Cheap hashes: the tests are about everything else. */
const testConfig = {
  ...loadConfig({}),
  publicUrl: 'http://rollcall.test',
  audience: 'http://rollcall.test',
  secret: 'a secret of the tests, long enough',
  argon2MemoryKib: 1_024,
  limits: 'off' as const,
}

/** The password of every account that the tests make. */
export const password = 'correct-horse-battery'

export type TestServer = Awaited<ReturnType<typeof createServer>>

/** The real application on a database of its own, with a clock that stands until it is moved. */
export async function createServer(t: Test, options: TestOptions = {}) {
  const databaseUrl = options.databaseUrl ?? (await createDatabase(t, options.database ?? 'sqlite'))
  const store = await openStore(databaseUrl, options)
  const clock = createTestClock()
  await store.migrate(() => toInstant(clock.now()))
  const mails: Mail[] = []
  const mailer = { send: (mail: Mail) => void mails.push(mail) }
  const config = { ...testConfig, ...options.config }
  const { logger, panelFolder, countCall } = options
  const parts = { config, store, clock, mailer, countCall }
  const built = await buildApp({
    ...parts,
    ...(logger && { logger }),
    ...(panelFolder && { panelFolder }),
  })
  t.teardown(async () => {
    await built.app.close()
    await store.close()
  })
  return { ...built, store, clock, mails, databaseUrl, ...createCallers(built) }
}

/** The same, listening on a free port of loopback. */
export async function startServer(t: Test, options: TestOptions = {}) {
  const server = await createServer(t, options)
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
  return { ...server, url, close: () => server.app.close() }
}

function createTestClock(): Clock & { advance(seconds: number): void } {
  let now = Date.now()
  return {
    now: () => new Date(now),
    advance: (seconds) => {
      now += seconds * 1_000
    },
  }
}

type Built = Awaited<ReturnType<typeof buildApp>>

/** What a test calls the server with. */
function createCallers({ app, users }: Built) {
  let made = 0

  /** An SDK client whose `fetch` is the application itself. */
  const client = (): Client => createClient({ baseUrl: testConfig.publicUrl, fetch: inject })

  async function inject(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init)
    const { pathname, search } = new URL(request.url)
    const body = Buffer.from(await request.arrayBuffer())
    const response = await app.inject({
      method: request.method as 'GET',
      url: pathname + search,
      headers: Object.fromEntries(request.headers),
      ...(body.length > 0 && { payload: body }),
    })
    const isEmpty = [204, 205].includes(response.statusCode)
    return new Response(isEmpty ? null : new Uint8Array(response.rawPayload), {
      status: response.statusCode,
      headers: response.headers as Record<string, string>,
    })
  }

  /** One raw request; the body is sent as JSON unless it is bytes or text already. */
  async function call(
    method: string,
    url: string,
    options: { body?: unknown; token?: string; headers?: Record<string, string> } = {},
  ) {
    const { body, token } = options
    const isRaw = typeof body === 'string' || Buffer.isBuffer(body)
    const response = await app.inject({
      method: method as 'GET',
      url,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...options.headers,
      },
      ...(body !== undefined && { payload: isRaw ? body : JSON.stringify(body) }),
    })
    const { statusCode: status, headers } = response
    return { status, headers, body: bodyOf(response) }
  }

  /** Makes an account, signs it in, and answers everything to go on with. */
  async function signUp(name = `user${++made}`, flags: { is_superuser?: boolean } = {}) {
    const body = { username: name, email: `${name}@example.com`, password, ...flags }
    const row = await users.create(body, operator)
    const { body: tokens } = await call('POST', '/api/token/', {
      body: { username: name, password },
    })
    return {
      id: row.id,
      username: name,
      email: body.email,
      ...(tokens as { access: string; refresh: string }),
    }
  }

  return { client, call, signUp }
}

/** JSON as what it says, a stream as its text. */
function bodyOf({ body, headers, json }: LightMyRequestResponse) {
  if (body === '') return undefined
  return /^application\/(problem\+)?json/.test(String(headers['content-type'])) ? json() : body
}

/** The field problems of an answer: member -> code. */
export function fieldCodes({ body }: { body: Problem }): Record<string, string> {
  return Object.fromEntries((body.errors ?? []).map(({ field, code }) => [field, code]))
}
