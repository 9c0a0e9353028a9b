/** A call under way. Await it for the data; it rejects with an `ApiError` or a `NetworkError`. */
export interface Call<T> extends Promise<T> {
  /** The data together with the status and the header fields of the answer, such as `ETag`. */
  withResponse(): Promise<Answer<T>>
}

/** What the server answered. */
export interface Answer<T> {
  readonly data: T
  readonly status: number
  readonly headers: Headers
}

/** What any call may be given. */
export interface CallOptions {
  /** Ends the call early; it then rejects with the reason of the signal. */
  readonly signal?: AbortSignal
  /** Header fields to add, or to send in place of the client’s own. */
  readonly headers?: Readonly<Record<string, string>>
}

/** What a call that writes to something with an `ETag` may be given. */
export interface ConditionalOptions extends CallOptions {
  /**
   * The `ETag` of the state that the change is meant for. If somebody else has changed it
   * since, nothing happens and the call is refused with `precondition_failed`.
   */
  readonly ifMatch?: string
}

/** The promise that callers are given for an answer to come. */
export function toCall<T>(answer: Promise<Answer<T>>): Call<T> {
  const data = answer.then((answer) => answer.data)
  return Object.assign(data, {
    withResponse() {
      // Whoever takes the answer hears of a failure there: nobody needs to await the data too.
      data.catch(() => {})
      return answer
    },
  })
}
