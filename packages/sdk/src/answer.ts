import type { Answer } from './call.ts'
import { ApiError, type UnknownCode } from './errors.ts'
import type { Problem } from './generated/types.gen.ts'
import type { Operation } from './operation.ts'

/**
 * What the server says, read to its end unless it is a stream; anything but a success is an
 * `ApiError`.
 */
export async function readAnswer(
  operation: Operation,
  response: Response,
): Promise<Answer<unknown>> {
  const { status, headers, ok } = response
  const isStream = ok && operation.has('stream')
  const text = isStream ? '' : await response.text()
  const data = isStream ? response : parse(text)
  const requestId = headers.get('x-request-id') ?? undefined
  const number = (name: string) => {
    const value = Number.parseInt(headers.get(name) ?? '', 10)
    return Number.isNaN(value) ? undefined : value
  }
  if (status >= 400) {
    // Of the page of a proxy there is little to say.
    const problem = data as Partial<Problem> | null | undefined
    throw new ApiError(operation.id, {
      status,
      code: problem?.code ?? ('unknown' as UnknownCode),
      detail: problem?.detail ?? 'No details.',
      requestId: problem?.request_id ?? requestId,
      retryAfter: number('retry-after'),
      fields: problem?.errors ?? [],
    })
  }
  if (!ok || (text && data === undefined)) throw new TypeError('Not an answer of Rollcall.')
  const rateLimit = {
    limit: number('ratelimit-limit'),
    remaining: number('ratelimit-remaining'),
    resetSeconds: number('ratelimit-reset'),
  }
  return { data, status, headers, requestId, rateLimit }
}

/** The text as JSON, or nothing: the error of `JSON.parse` would quote it, tokens and all. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
