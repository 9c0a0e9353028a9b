import type { OperationId } from './generated/types.gen.ts'
import type { TokenStorage } from './storage.ts'

/** How a client is set up; `baseUrl` is all it takes. */
export interface ClientOptions {
  /** Where the server is, such as `https://accounts.example.com`; a path in it is kept. */
  readonly baseUrl: string
  /** Sends the requests; the platform’s own `fetch` unless given. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  /**
   * Where the refresh token is kept: by the client (`bearer`), or by the browser in a cookie that
   * no script can read (`cookie`), with the access token in memory alone. In the mode `apiKey`
   * nobody signs in: every call carries the `apiKey`. `bearer` unless given.
   */
  readonly mode?: 'bearer' | 'cookie' | 'apiKey'
  /** The key of the mode `apiKey`, or what finds it out before each request. */
  readonly apiKey?: string | (() => string | Promise<string>)
  /** Where the tokens are kept in the mode `bearer`, and in no other; in memory unless given. */
  readonly storage?: TokenStorage
  /** Header fields for every request, or what finds them out before each. */
  readonly headers?: HeaderFields | (() => HeaderFields | Promise<HeaderFields>)
  /** How long each attempt may take, in milliseconds; 30,000 unless given, `Infinity` for ever. */
  readonly timeoutMs?: number
  /** How long a call may take in all, waits and repetitions included; 60,000 ms unless given. */
  readonly deadlineMs?: number
  /**
   * How often a call is tried again at most, after an answer was lost or the server was busy; 2
   * unless given. Only what may safely be sent twice is: reading, replacing, deleting, and making
   * what carries an `Idempotency-Key`. A `Retry-After` is waited for.
   */
  readonly retries?: number
  /** Sees each request before it is sent, and may change its header fields. */
  readonly onRequest?: (request: SentRequest) => void | Promise<void>
  /** Sees each answer when it has come. */
  readonly onResponse?: (response: ReceivedResponse) => void
  /** Told of each request and of what failed, never of a token; `console` fits as it is. */
  readonly logger?: Logger
  /** The clock, in milliseconds since 1970; `Date.now` unless given. For tests. */
  readonly now?: () => number
  /** Waits before a repetition, until the time is over or the signal ends. For tests. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** Header fields by name. */
export type HeaderFields = Readonly<Record<string, string>>

/** A request about to be sent. */
export interface SentRequest {
  readonly operation: OperationId
  readonly method: string
  readonly url: string
  /** May be changed. */
  readonly headers: Headers
  /** 1, or more when the call is tried again. */
  readonly attempt: number
}

/** A request with the answer that has come. */
export interface ReceivedResponse extends SentRequest {
  readonly status: number
  /** Those of the answer. */
  readonly headers: Headers
}

/** Whom the client tells what it does. */
export interface Logger {
  debug(message: string): void
  warn(message: string, error?: unknown): void
}
