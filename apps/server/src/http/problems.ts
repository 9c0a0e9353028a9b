import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { type Problem, type ProblemCode, problems } from '@rollcall/contract'
import type {
  FastifyBaseLogger,
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
} from 'fastify'
import { newId } from '../crypto.ts'
import { isUnavailable, withoutValues } from '../db/errors.ts'
import { ProblemError } from '../problem.ts'
import { securityHeaders } from './headers.ts'
import { requestFields } from './logging.ts'

const problemType = 'application/problem+json; charset=utf-8'

/** Answers whatever is thrown as a problem (RFC 9457). */
export function registerProblems(app: FastifyInstance, publicUrl: string) {
  app.setErrorHandler((error: FastifyError, request, reply) =>
    sendProblem(error, request, reply, publicUrl),
  )
}

export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string,
) {
  const problem = toProblem(error)
  log(problem, request)
  if (problem.status === 401) reply.header('www-authenticate', challenge(problem.code))
  // What failed was to be a file.
  reply.removeHeader('content-disposition')
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter)
  return reply
    .code(problem.status)
    .type(problemType)
    .send(JSON.stringify(problemBody(problem, request.id, publicUrl)))
}

function problemBody(problem: ProblemError, requestId: string, publicUrl: string): Problem {
  const { code, status, message, errors } = problem
  return {
    type: `${publicUrl}/#problem-${code}`,
    title: problems[code].title,
    status,
    detail: message,
    code,
    request_id: requestId,
    ...(errors && { errors: [...errors] }),
  }
}

/** RFC 6750, section 3. */
function challenge(code: ProblemCode): string {
  const reason = code === 'token_not_valid' ? ', error="invalid_token"' : ''
  return `Bearer realm="rollcall"${reason}`
}

const codeOfStatus: Record<number, ProblemCode> = {
  400: 'parse_error',
  404: 'not_found',
  413: 'payload_too_large',
  414: 'not_found',
  415: 'unsupported_media_type',
  429: 'throttled',
  503: 'service_unavailable',
}

const details: Partial<Record<ProblemCode, string>> = {
  parse_error: 'The request cannot be read.',
  payload_too_large: 'Send a smaller body.',
  unsupported_media_type: 'Send the body as application/json.',
  service_unavailable: 'Try again in a moment.',
}

function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  if (isUnavailable(error)) return unavailable(error)
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  const code = codeOfStatus[status]
  if (code === 'service_unavailable') return unavailable(error)
  if (code) return new ProblemError(code, { detail: details[code], cause: error })
  const detail = 'Something failed on our side. Tell the operator the request_id.'
  return new ProblemError('internal_error', { detail, cause: error })
}

function unavailable(cause: unknown): ProblemError {
  const detail = details.service_unavailable
  return new ProblemError('service_unavailable', { detail, retryAfter: 1, cause })
}

function log({ code, status, cause }: ProblemError, request: FastifyRequest) {
  const fields = { ...requestFields(request), status, code }
  if (status >= 500) request.log.error({ ...fields, err: withoutValues(cause) }, 'refused')
  else request.log.info({ ...fields, reason: codeOf(cause) }, 'refused')
}

/** What the caller has done wrong needs no stack. */
function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined
}

/** Answers what Node refuses before it is a request: malformed, slow or oversize heads. */
export function answerClientError(
  error: Error & { code?: string; rawPacket?: unknown },
  socket: Socket,
  { log, publicUrl }: { log: FastifyBaseLogger; publicUrl: string },
) {
  if (!socket.writable || error.code === 'ECONNRESET') return socket.destroy()
  const requestId = newId()
  const problem = new ProblemError(clientErrorCodes[error.code ?? ''] ?? 'parse_error')
  const { code, status } = problem
  // Not the error itself: it holds the bytes received, with whatever secret they hold.
  log.info(
    { reqId: requestId, ip: socket.remoteAddress, status, code, reason: error.code },
    'refused',
  )
  const body = JSON.stringify(problemBody(problem, requestId, publicUrl))
  const headers = {
    ...securityHeaders,
    'x-request-id': requestId,
    'content-type': problemType,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  // Who asks for the headers alone takes a body for the next answer (RFC 9110, section 9.3.2).
  const { rawPacket } = error
  const isHead = Buffer.isBuffer(rawPacket) && rawPacket.toString('latin1', 0, 5) === 'HEAD '
  const shown = isHead ? '' : body
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', shown].join('\r\n'))
  setTimeout(() => socket.destroy(), lingerMs).unref()
}

/** Long enough to read the answer; who never closes would keep the connection for ever. */
const lingerMs = 1_000

const clientErrorCodes: Record<string, ProblemCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
}
