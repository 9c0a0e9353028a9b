import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  type IdempotencyService,
  type Keep,
  type Kept,
  keepNothing,
} from '../features/idempotency/service.ts'
import { invalidFields } from '../problem.ts'

/** Runs the work of a request, unless its `Idempotency-Key` was answered before; answers the body. */
export type Once = (
  request: FastifyRequest,
  reply: FastifyReply,
  work: (keep: Keep) => Promise<Kept<unknown>>,
) => Promise<unknown>

/** Honours the header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). */
export function createOnce(idempotency: IdempotencyService): Once {
  return async (request, reply, work) => {
    const key = keyOf(request)
    if (key === undefined) {
      const { headers, body } = await work(keepNothing)
      reply.headers(headers)
      return body
    }
    const { principal, params, query, body: sent, routeOptions } = request
    const { operationId = '' } = routeOptions.config
    const input = { params, query, body: sent }
    const keyed = { key, callerId: principal?.user.id, operationId, input }
    const { headers, body, isReplayed } = await idempotency.once(keyed, work)
    reply.headers(headers)
    if (isReplayed) reply.header('idempotency-replayed', 'true')
    return body
  }
}

/** Whatever the form: the draft puts the key in quotes, and most clients do not. */
function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  // One that was sent twice holds the space that Node joins the two with.
  if (typeof key === 'string' && /^[!-~]{1,255}$/.test(key)) return key
  throw invalidFields({
    field: 'Idempotency-Key',
    code: 'invalid',
    detail: 'Use 1 to 255 visible ASCII characters, such as a random UUID.',
  })
}
