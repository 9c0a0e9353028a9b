import { Readable } from 'node:stream'
import { type Endpoint, type Input, isStream, listEndpoints, type Output } from '@rollcall/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Principal } from '../features/sessions/principal.ts'
import { authorize } from './authorize.ts'

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
    ? (
        input: Input<Group[Key]>,
        context: Context<Caller<Group[Key]>>,
      ) => Promise<Output<Group[Key]>>
    : Handlers<Group[Key]>
}

/** Finds who calls, or throws `not_authenticated` or `token_not_valid`. */
export type Authenticate = (request: FastifyRequest) => Promise<Principal>

type AnyHandler = (input: unknown, context: Context<never>) => Promise<unknown>

/** Mounts every endpoint of the contract on its handler. */
export function mountEndpoints<Group>(
  app: FastifyInstance,
  handlers: Handlers<Group>,
  authenticate: Authenticate,
) {
  for (const [operationId, endpoint] of listEndpoints()) {
    mount(app, operationId, endpoint, handlerOf(handlers, operationId), authenticate)
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
  authenticate: Authenticate,
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
      const { principal } = request
      // The schemas have made the input what the handler's type says.
      const input = { params: request.params, query: request.query, body: request.body }
      const result = await handler(input, { principal, request, reply } as Context<never>)
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
