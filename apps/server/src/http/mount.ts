import { Readable } from 'node:stream'
import { type Endpoint, type Input, isStream, listEndpoints, type Output } from '@rollcall/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Keep, Kept } from '../features/idempotency/service.ts'
import type { Principal } from '../features/sessions/principal.ts'
import { authorize } from './authorize.ts'
import type { Once } from './idempotency.ts'

/** Who calls: `null` where everybody may, and nobody is looked up. */
type Caller<Spec> = Spec extends { readonly access: { readonly kind: 'anyone' } } ? null : Principal

/** What a handler knows besides its input. */
export interface Context<Who> {
  readonly principal: Who
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** One handler per endpoint, in the shape of the contract; a missing one does not compile. */
export type Handlers<Group> = {
  readonly [Key in keyof Group]: Group[Key] extends Endpoint
    ? Handler<Group[Key]>
    : Handlers<Group[Key]>
}

/** One that honours an `Idempotency-Key` has to keep its answer, in the transaction of its effect. */
type Handler<Spec> = Spec extends { readonly idempotent: true }
  ? (
      input: Input<Spec>,
      context: Context<Caller<Spec>> & { readonly keep: Keep },
    ) => Promise<Kept<Output<Spec>>>
  : (input: Input<Spec>, context: Context<Caller<Spec>>) => Promise<Output<Spec>>

/** Finds who calls, or throws `not_authenticated` or `token_not_valid`. */
export type Authenticate = (request: FastifyRequest) => Promise<Principal>

/** What all endpoints are mounted with. */
export interface Means {
  readonly authenticate: Authenticate
  readonly once: Once
}

type AnyHandler = (input: unknown, context: Context<never>) => Promise<unknown>

/** Mounts every endpoint of the contract on its handler. */
export function mountEndpoints<Group>(
  app: FastifyInstance,
  handlers: Handlers<Group>,
  means: Means,
) {
  for (const [operationId, endpoint] of listEndpoints()) {
    mount(app, operationId, endpoint, handlerOf(handlers, operationId), means)
  }
}

function handlerOf(handlers: object, operationId: string): AnyHandler {
  const find = (group: unknown, key: string) =>
    (group as Record<string, unknown> | undefined)?.[key]
  const handler = operationId.split('.').reduce<unknown>(find, handlers)
  if (typeof handler !== 'function') throw new Error(`${operationId} has no handler`)
  // The type of `handlers` has proven that the handler fits its endpoint.
  return handler as AnyHandler
}

function mount(
  app: FastifyInstance,
  operationId: string,
  endpoint: Endpoint,
  handler: AnyHandler,
  { authenticate, once }: Means,
) {
  const { method, path, access, params, query, body } = endpoint
  const [status, response] = endpoint.response
  const streams = isStream(response)
  if (!access) throw new Error(`${operationId} does not say who may call it`)

  app.route({
    method,
    url: path,
    config: { operationId },
    schema: {
      ...(params && { params }),
      querystring: query ?? noQuery,
      ...(body && { body }),
      ...(response && !streams && { response: { [status]: response } }),
    },
    ...(access.kind !== 'anyone' && {
      onRequest: async (request: FastifyRequest) => {
        request.principal = await authenticate(request)
        authorize(access, request.principal, request.params)
      },
    }),
    handler: async (request, reply) => {
      const { principal, params, query, body } = request
      // The schemas have made the input what the handler's type says.
      const run = (means: object = {}) =>
        handler({ params, query, body }, { principal, request, reply, ...means } as Context<never>)
      const result = endpoint.idempotent
        ? await once(request, reply, (keep) => run({ keep }) as Promise<Kept<unknown>>)
        : await run()
      reply.code(status)
      if (streams && request.method !== 'HEAD') {
        // What reads from it stops when the caller goes away.
        return Readable.from(result as AsyncIterable<string>)
      }
      return response && !streams ? result : reply.send()
    },
  })
}

const noQuery = { type: 'object', properties: {} }

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null
  }
  interface FastifyContextConfig {
    operationId?: string
  }
}
