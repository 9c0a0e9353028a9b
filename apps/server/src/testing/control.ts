import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { NewUser } from '@rollcall/contract'
import Type, { type Static, type TObject } from 'typebox'
import { toInstant } from '../clock.ts'
import { equalBytes, randomText } from '../crypto.ts'
import { operator } from '../features/audit/origin.ts'
import { toUser } from '../features/users/representation.ts'
import type { UsersService } from '../features/users/service.ts'
import { parseJson } from '../http/body.ts'
import { compileValidator } from '../http/validation.ts'
import type { Mail } from '../mailer.ts'
import { ProblemError } from '../problem.ts'
import type { SettableClock } from './clock.ts'

/** What a test may do to the server behind its API. */
interface Controlled {
  readonly users: UsersService
  readonly clock: SettableClock
  readonly mails: readonly Mail[]
  /** Sets everything back to how it was at the start, and answers what there is then. */
  reset(): Promise<unknown>
}

/** Listens on a port of its own of loopback, for whoever has the token. */
export async function serveControl(controlled: Controlled) {
  const token = randomText(32)
  const actions = createActions(controlled)
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request)
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify(body))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }

  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    try {
      refuseStrangers(request, token)
      const action = actions[`${request.method} ${request.url}`]
      if (!action) throw new ProblemError('not_found')
      return { status: 200, body: await action(parseJson(await buffer(request)) ?? {}) }
    } catch (error) {
      const { status, code, message, errors } =
        error instanceof ProblemError
          ? error
          : new ProblemError('internal_error', { detail: String(error) })
      return { status, body: { code, detail: message, errors } }
    }
  }
}

function refuseStrangers({ headers }: IncomingMessage, token: string) {
  const isKnown = equalBytes(
    Buffer.from(headers.authorization ?? ''),
    Buffer.from(`Bearer ${token}`),
  )
  if (isKnown) return
  throw new ProblemError('not_authenticated', {
    detail: 'Send `Authorization: Bearer <control_token>`, as the test server has printed it.',
  })
}

type Action = (body: unknown) => Promise<unknown>

function createActions({ users, clock, mails, reset }: Controlled): Record<string, Action> {
  return {
    'POST /clock': async (body) => {
      clock.advance(readAdvance(body).advance_seconds)
      return { now: toInstant(clock.now()) }
    },
    'GET /mails': async () => ({
      results: mails.map(({ userId, ...mail }) => ({ user_id: userId, ...mail })),
    }),
    'POST /users': async (body) => {
      const { username } = Object(body)
      const { password = randomText(12), ...account } = readUser({
        email: `${username}@example.com`,
        ...Object(body),
      })
      const row = await users.create({ ...account, password }, operator)
      return { ...toUser(row), password }
    },
    'POST /reset': reset,
  }
}

/** Ten years: beyond what anything in the server lasts. */
const longestAdvanceSeconds = 10 * 366 * 86_400

const readAdvance = createReader(
  Type.Object({
    advance_seconds: Type.Number({ minimum: 0, maximum: longestAdvanceSeconds }),
  }),
)

const readUser = createReader(NewUser)

/** Refuses as the API does what does not fit the schema. */
function createReader<Schema extends TObject>(schema: Schema) {
  const validate = compileValidator({ schema, method: 'POST', url: '', httpPart: 'body' })
  return (body: unknown): Static<Schema> => {
    const result = validate(body)
    if (typeof result === 'object' && 'error' in result) throw result.error
    return body as Static<Schema>
  }
}
