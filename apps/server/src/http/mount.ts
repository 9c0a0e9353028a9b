import { type Endpoint, type Input, isStream, listEndpoints, type Output } from '@rollcall/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Keep, Kept } from '../features/idempotency/service.ts'
import type { Principal } from '../features/sessions/principal.ts'
import { authorize } from './authorize.ts'
import type { Once } from './idempotency.ts'
import { createStreams, type ToStream } from './streams.ts'

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
  const all = { ...means, toStream: createStreams(app) }
  for (const [operationId, endpoint] of listEndpoints()) {
    mount(app, operationId, endpoint, handlerOf(handlers, operationId), all)
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
  { authenticate, once, toStream }: Means & { readonly toStream: ToStream },
) {
  const { method, path, access, params, query, body } = endpoint
  const [status, response] = endpoint.response
  if (!access) throw new Error(`${operationId} does not say who may call it`)

  app.route({
    method,
    url: path,
    config: { operationId },
    schema: {
      ...(params && { params }),
      querystring: query ?? noQuery,
      ...(body && { body }),
      ...(response && !isStream(response) && { response: { [status]: response } }),
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
      if (!isStream(response)) return response ? result : reply.send()
      // Nothing is read for who asks for the headers alone.
      const isBare = request.method === 'HEAD'
      return isBare ? reply.send() : toStream(result as AsyncIterable<string>)
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
