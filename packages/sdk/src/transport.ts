import { readAnswer } from './answer.ts'
import type { Answer, ConditionalOptions, KeyedOptions } from './call.ts'
import { ApiError, NetworkError } from './errors.ts'
import type { Operation } from './operation.ts'
import type { ClientOptions } from './options.ts'
import { startTimer } from './timer.ts'

/** What an operation is called with. */
export interface Input {
  readonly params?: readonly string[]
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly options?: ConditionalOptions & KeyedOptions
}

/** Sends one request, once. Any answer but a success rejects with an `ApiError`. */
export type Attempt = (
  operation: Operation,
  input: Input,
  timeoutMs: number,
  attempt: number,
) => Promise<Answer<unknown>>

export function createTransport(client: ClientOptions): Attempt {
  const baseUrl = client.baseUrl.replace(/\/+$/, '')

  return async (operation, input, timeoutMs, attempt) => {
    const { id, method } = operation
    const { signal } = input.options ?? {}
    const url = baseUrl + pathOf(operation, input) + queryOf(input)
    const withCookie = client.mode === 'cookie' && cookieOperations.test(id)
    const headers = await headersOf(operation, input, client, withCookie)
    const request = { operation: id, method, url, headers, attempt }
    await client.onRequest?.(request)
    if (signal?.aborted) throw signal.reason
    const timer = startTimer(timeoutMs, signal, id)
    try {
      const response = await (client.fetch ?? globalThis.fetch)(url, {
        method,
        headers,
        body: input.body === undefined ? null : JSON.stringify(input.body),
        // The server never redirects: tokens and passwords follow nobody elsewhere.
        redirect: 'manual',
        signal: timer.signal,
        ...(withCookie && { credentials: 'include' }),
      })
      const { status, headers: answered } = response
      client.logger?.debug(`${method} ${id}: ${status}`)
      client.onResponse?.({ ...request, status, headers: answered })
      return await readAnswer(operation, response)
    } catch (cause) {
      if (cause instanceof ApiError) throw cause
      // The reason is the caller’s, or that the time is up.
      if (timer.signal.aborted) throw timer.signal.reason
      throw new NetworkError(`${id}: no answer of Rollcall; check the connection and \`baseUrl\``, {
        cause,
      })
    } finally {
      timer.stop(!operation.has('stream'))
    }
  }
}

function pathOf({ id, path }: Operation, { params = [] }: Input): string {
  let count = 0
  return path.replace(/:\w+/g, (name) => {
    const value = params[count++]
    // Nothing, and dots, would name the path of another operation.
    if (!value || value === '.' || value === '..') {
      throw new TypeError(`${id}: "${value}" cannot stand for ${name}.`)
    }
    return encodeURIComponent(value)
  })
}

function queryOf({ query = {} }: Input): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  const text = String(new URLSearchParams(given as [string, string][]))
  return text && `?${text}`
}

/** Only these set, send or clear the cookie; it counts nowhere else. */
const cookieOperations = /^(token\.(create|refresh)|logout)$/

async function headersOf(
  operation: Operation,
  { body, options }: Input,
  client: ClientOptions,
  withCookie: boolean,
) {
  const key = !operation.has('open') && (await resolved(client.apiKey))
  const fields = {
    authorization: key && `Bearer ${key}`,
    'content-type': body !== undefined && 'application/json',
    // No form and no link of another site can send it (CSRF).
    'x-rollcall-csrf': withCookie && '1',
    'if-match': options?.ifMatch,
    'idempotency-key': options?.idempotencyKey,
    ...(await resolved(client.headers)),
    ...options?.headers,
  }
  const headers = new Headers()
  for (const [name, value] of Object.entries(fields)) {
    try {
      // In whichever case a name is given: the later one takes the place of the earlier.
      if (value) headers.set(name, value)
    } catch {
      // The error would quote the value, which may be a token.
      throw new TypeError(`${operation.id}: ${name} cannot be sent.`)
    }
  }
  return headers
}

function resolved<T>(given: T | (() => T | Promise<T>)): T | Promise<T> {
  return given instanceof Function ? given() : given
}
