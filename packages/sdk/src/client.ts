import { type Auth, type AuthPart, auth } from './auth.ts'
import { operations } from './generated/operations.gen.ts'
import type { Resources } from './generated/types.gen.ts'
import type { ClientOptions } from './options.ts'
import { createResources, type Table } from './resources.ts'
import { createRetries } from './retry.ts'
import { createTransport } from './transport.ts'

/** Everything the API offers: `client.users.list()` is the operation `users.list`. */
export interface Client extends Resources {
  /** Signing in and out. */
  readonly auth: Auth
}

/** What a client can be made of: every resource, and `auth`. */
export interface Parts extends Table {
  readonly auth: AuthPart
}

/** Makes a client of one server, for one person at a time. Nothing is sent yet. */
export function createClient(options: ClientOptions): Client {
  return createClientOf({ ...operations, auth }, options)
}

/**
 * Makes a client of some parts alone, taken from `@rollcall/sdk/resources`: what a page does not
 * call, it need not load. Without the part `auth` nobody can sign in, and calls carry the `apiKey`
 * or what `headers` says.
 */
export function createClientOf<Part extends keyof Client>(
  parts: Pick<Parts, Part>,
  options: ClientOptions,
): Pick<Client, Part> {
  if (typeof options.baseUrl !== 'string') throw new TypeError('Give the `baseUrl`.')
  const { auth, ...table } = parts as Partial<Parts>
  const attempt = createTransport(options)
  const send = createRetries(attempt, options)
  const signed = auth?.(options, attempt, send)
  const resources = createResources(table as Table, signed?.send ?? send)
  return { ...resources, ...(signed && { auth: signed.auth }) } as Pick<Client, Part>
}
