import { type Endpoint, type Problem, type ProblemCode, problems } from '@rollcall/contract'
import type { Response } from './openapi.ts'

interface Context {
  readonly endpoint: Endpoint
  readonly publicUrl: string
}

/** One response per status, whose body is a problem with one of the codes of that status. */
export function problemResponses(
  codes: readonly ProblemCode[],
  context: Context,
): Record<string, Response> {
  const byStatus = Map.groupBy(codes, (code) => problems[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [status, problemResponse(status, ofStatus, context)]),
  )
}

function problemResponse(status: number, codes: ProblemCode[], context: Context): Response {
  const examples = codes.map((code) => [code, { value: exampleProblem(code, context) }])
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' '),
    ...headersOf(status, codes),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            { type: 'object', properties: { code: { type: 'string', enum: codes } } },
          ],
        },
        examples: Object.fromEntries(examples),
      },
    },
  }
}

const retryAfter = {
  'Retry-After': {
    description: 'How many seconds to wait before the next attempt.',
    schema: { type: 'integer', minimum: 0 },
    example: 30,
  },
}

function headersOf(status: number, codes: ProblemCode[]): Pick<Response, 'headers'> {
  const known = codes.includes('idempotency_in_flight') ? retryAfter : headers[status]
  return known ? { headers: known } : {}
}

const headers: Record<number, NonNullable<Response['headers']>> = {
  401: {
    'WWW-Authenticate': {
      description: 'How to authenticate (RFC 6750).',
      schema: { type: 'string' },
      example: 'Bearer realm="rollcall"',
    },
  },
  429: retryAfter,
  503: retryAfter,
}

function exampleProblem(code: ProblemCode, { endpoint, publicUrl }: Context): Problem {
  const { status, title } = problems[code]
  return {
    type: `${publicUrl}/#problem-${code}`,
    title,
    status,
    detail: `${title}.`,
    code,
    request_id: '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c12',
    ...(code === 'validation_failed' && { errors: [exampleFieldProblem(endpoint)] }),
  }
}

function exampleFieldProblem({ body, query }: Endpoint) {
  const [member] = Object.keys(body?.properties ?? {})
  if (member && body?.required?.includes(member)) {
    return { field: member, code: 'required', detail: 'This member is required.' } as const
  }
  const [field = 'body'] = Object.keys((body ?? query)?.properties ?? {})
  return { field, code: 'invalid', detail: 'This is not a valid value.' } as const
}
