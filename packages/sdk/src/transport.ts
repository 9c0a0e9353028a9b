import type { Answer, ConditionalOptions } from './call.ts'
import { ApiError, type ApiErrorDetails, NetworkError, type UnknownCode } from './errors.ts'
import { operations } from './generated/operations.gen.ts'
import type { OperationId, Problem } from './generated/types.gen.ts'

/** What an operation is called with. */
export interface Input {
  readonly params?: readonly string[]
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly options?: ConditionalOptions
  readonly accessToken?: string
}

/** Sends one request, once. Any answer but a success rejects with an `ApiError`. */
export type Send = (operation: OperationId, input: Input) => Promise<Answer<unknown>>

export interface TransportOptions {
  readonly baseUrl: string
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly timeoutMs: number
  /** Whether the refresh token is in a cookie. */
  readonly hasCookie: boolean
}

export function createTransport(options: TransportOptions): Send {
  const { baseUrl, fetch, timeoutMs, hasCookie } = options
  return async (operation, input) => {
    const url = baseUrl + pathOf(operation, input) + queryOf(input)
    const init = requestOf(operation, input, hasCookie && cookieOperations.has(operation))
    const timer = startTimer(timeoutMs, input.options?.signal)
    try {
      const response = await fetch(url, { ...init, signal: timer.signal })
      if (operations[operation].streams && response.ok) {
        timer.keepFollowing()
        return { data: response, status: response.status, headers: response.headers }
      }
      return readAnswer(operation, response, await response.text())
    } catch (error) {
      if (error instanceof ApiError || input.options?.signal?.aborted) throw error
      const reason = timer.signal.aborted ? `no answer within ${timeoutMs} ms` : 'no usable answer'
      throw new NetworkError(`${operation}: ${reason}`, { cause: error })
    } finally {
      timer.stop()
    }
  }
}

function pathOf(operation: OperationId, { params = [] }: Input): string {
  const values = [...params]
  return operations[operation].path.replace(/:\w+/g, (name) => {
    const value = values.shift()
    // Nothing, and dots, would name the path of another operation.
    if (!value || value === '.' || value === '..') {
      throw new TypeError(`${operation}: ${JSON.stringify(value)} cannot stand for ${name}.`)
    }
    return encodeURIComponent(value)
  })
}

function queryOf({ query = {} }: Input): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value))
  }
  const text = search.toString()
  return text && `?${text}`
}

/** What sets, sends or clears the cookie; it counts nowhere else. */
const cookieOperations: ReadonlySet<OperationId> = new Set([
  'token.create',
  'token.refresh',
  'logout',
])

function requestOf(operation: OperationId, input: Input, withCookie: boolean): RequestInit {
  const { accessToken, body, options } = input
  const { streams } = operations[operation]
  const headers = new Headers({ accept: streams ? '*/*' : 'application/json' })
  if (accessToken) headers.set('authorization', `Bearer ${accessToken}`)
  if (body !== undefined) headers.set('content-type', 'application/json')
  // No form and no link of another site can send it (CSRF).
  if (withCookie) headers.set('x-rollcall-csrf', '1')
  if (options?.ifMatch !== undefined) headers.set('if-match', options.ifMatch)
  for (const [name, value] of Object.entries(options?.headers ?? {})) headers.set(name, value)
  return {
    method: operations[operation].method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    ...(withCookie && { credentials: 'include' }),
  }
}

/** The most that `setTimeout` takes: 24 days. */
const longestTimeoutMs = 2 ** 31 - 1

/** A signal that ends with the caller’s, or when the time is up: `AbortSignal.any` is too new. */
function startTimer(timeoutMs: number, outer?: AbortSignal) {
  const controller = new AbortController()
  const follow = () => controller.abort(outer?.reason)
  if (outer?.aborted) follow()
  outer?.addEventListener('abort', follow)
  const timer = setTimeout(() => controller.abort(), Math.min(timeoutMs, longestTimeoutMs))
  let isFollowing = false
  return {
    signal: controller.signal,
    /** The caller’s signal still ends what is read after the call. */
    keepFollowing() {
      isFollowing = true
    },
    stop() {
      clearTimeout(timer)
      if (!isFollowing) outer?.removeEventListener('abort', follow)
    },
  }
}

function readAnswer(operation: OperationId, response: Response, text: string): Answer<unknown> {
  const data = parse(text)
  if (!response.ok) throw new ApiError(operation, detailsOf(response, data))
  if (text && data === undefined) {
    throw new TypeError('The answer is not JSON; does `baseUrl` name a Rollcall server?')
  }
  return { data, status: response.status, headers: response.headers }
}

/** The text as JSON, or nothing: the error of `JSON.parse` would quote it, tokens and all. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function detailsOf(response: Response, data: unknown): ApiErrorDetails {
  const problem = isProblem(data) ? data : undefined
  const retryAfter = Number.parseInt(response.headers.get('retry-after') ?? '', 10)
  return {
    status: response.status,
    code: problem?.code ?? ('unknown' as UnknownCode),
    detail: problem?.detail ?? 'The answer says no more.',
    requestId: problem?.request_id,
    retryAfter: Number.isNaN(retryAfter) ? undefined : retryAfter,
    fields: problem?.errors ?? [],
  }
}

function isProblem(data: unknown): data is Problem {
  return typeof data === 'object' && data !== null && 'code' in data
}
