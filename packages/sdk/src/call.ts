import {
  type ApiError,
  isApiError,
  isNetworkError,
  type NetworkError,
  type UnknownCode,
} from './errors.ts'
import type { ProblemCode } from './generated/types.gen.ts'

/** A promise whose outcome can be had as a value too. */
export interface SafePromise<T, Code extends string = ProblemCode> extends Promise<T> {
  /**
   * The outcome as a value, for those who would rather look than catch. What the caller has
   * brought about, such as the end of its own signal or an impossible argument, still rejects.
   */
  safe(): Promise<Outcome<T, Code>>
}

/** A call under way. Await it for the data; it rejects with an `ApiError` or a `NetworkError`. */
export interface Call<T, Code extends string = ProblemCode> extends SafePromise<T, Code> {
  /** The data together with the rest of the answer, such as its `ETag`. */
  withResponse(): Promise<Answer<T>>
}

/** What became of a call: its data, or why there is none. */
export type Outcome<T, Code extends string = ProblemCode> =
  | { readonly ok: true; readonly data: T; readonly error?: undefined }
  | { readonly ok: false; readonly error: CallError<Code>; readonly data?: undefined }

/** Why a call has no data: refused by the server, or left without a usable answer. */
export type CallError<Code extends string = ProblemCode> =
  | ApiError<Code | UnknownCode>
  | NetworkError

/** What the server answered. */
export interface Answer<T> {
  readonly data: T
  readonly status: number
  readonly headers: Headers
  /** Names the request in the logs of the server. */
  readonly requestId: string | undefined
  /** How much more this address may ask for. */
  readonly rateLimit: RateLimit
}

/**
 * How often an address may call, as the `RateLimit-*` header fields of an answer say; all members
 * are `undefined` where the server does not say so.
 */
export interface RateLimit {
  /** How many requests are allowed at a time. */
  readonly limit: number | undefined
  /** How many of them are left. */
  readonly remaining: number | undefined
  /** Seconds until all of them are again. */
  readonly resetSeconds: number | undefined
}

/** What any call may be given. */
export interface CallOptions {
  /** Ends the call early; it then rejects with the reason of the signal. */
  readonly signal?: AbortSignal
  /** Header fields to add, or to send in place of the client’s own. */
  readonly headers?: Readonly<Record<string, string>>
  /** How long each attempt at this call may take, in milliseconds. */
  readonly timeoutMs?: number
  /** How long this call may take in all, in milliseconds. */
  readonly deadlineMs?: number
  /** How often this call is tried again at most, where that is safe. */
  readonly retries?: number
}

/** What a call that writes to something with an `ETag` may be given. */
export interface ConditionalOptions extends CallOptions {
  /**
   * The `ETag` of the state that the change is meant for. If somebody else has changed it
   * since, nothing happens and the call is refused with `precondition_failed`.
   */
  readonly ifMatch?: string
}

/** What a call that makes something may be given. */
export interface KeyedOptions extends CallOptions {
  /**
   * Names this one wish: sent again with the same key and body, within 24 hours, it does nothing
   * more and answers the same. Made anew for each call unless given.
   */
  readonly idempotencyKey?: string
}

/** The promise that callers are given for an answer to come. */
export function toCall<T>(answer: Promise<Answer<T>>): Call<T> {
  const data = toSafe<T, ProblemCode>(answer.then((answer) => answer.data))
  return Object.assign(data, {
    withResponse() {
      // Whoever takes the answer hears of a failure there: nobody needs to await the data too.
      data.catch(() => {})
      return answer
    },
  })
}

export function toSafe<T, Code extends string>(promise: Promise<T>): SafePromise<T, Code> {
  return Object.assign(promise, {
    safe: (): Promise<Outcome<T, Code>> =>
      promise.then(
        (data) => ({ ok: true, data }),
        (error) => {
          if (isApiError(error) || isNetworkError(error)) {
            // The operation has said which codes it can be refused with.
            return { ok: false, error: error as CallError<Code> }
          }
          throw error
        },
      ),
  })
}
