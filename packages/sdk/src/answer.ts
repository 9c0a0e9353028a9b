import type { Answer } from './call.ts'
import { ApiError, type ApiErrorDetails, type UnknownCode } from './errors.ts'
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
  const { status, headers } = response
  const isStream = response.ok && operation.has('stream')
  const text = isStream ? '' : await response.text()
  const data = isStream ? response : parse(text)
  if (status >= 400) throw new ApiError(operation.id, detailsOf(response, data))
  if (!response.ok || (text && data === undefined)) {
    throw new TypeError('The answer is not of Rollcall.')
  }
  return {
    data,
    status,
    headers,
    requestId: requestIdOf(headers),
    rateLimit: {
      limit: numberOf(headers, 'ratelimit-limit'),
      remaining: numberOf(headers, 'ratelimit-remaining'),
      resetSeconds: numberOf(headers, 'ratelimit-reset'),
    },
  }
}

/** The text as JSON, or nothing: the error of `JSON.parse` would quote it, tokens and all. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function requestIdOf(headers: Headers): string | undefined {
  return headers.get('x-request-id') ?? undefined
}

function numberOf(headers: Headers, name: string): number | undefined {
  const number = Number.parseInt(headers.get(name) ?? '', 10)
  return Number.isNaN(number) ? undefined : number
}

/** What a problem says; of the page of a proxy there is little to say. */
function detailsOf({ status, headers }: Response, data: unknown): ApiErrorDetails {
  const problem = data as Partial<Problem> | null | undefined
  return {
    status,
    code: problem?.code ?? ('unknown' as UnknownCode),
    detail: problem?.detail ?? 'No details.',
    requestId: problem?.request_id ?? requestIdOf(headers),
    retryAfter: numberOf(headers, 'retry-after'),
    fields: problem?.errors ?? [],
  }
}
