import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isApiError } from '../errors.ts'
import type { Permission } from '../generated/types.gen.ts'
import { type AccessClaims, createVerifier, type VerifierOptions } from '../server/index.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Lets through whoever sends a valid access token; `request.claims` says whose it is. */
    requireUser: Guard
    /** Lets through whoever may do this, by their roles now; the server is asked. */
    requirePermission(permission: Permission): Guard
  }
  interface FastifyRequest {
    /** What the access token says; `null` before `requireUser` or `requirePermission`. */
    claims: AccessClaims | null
  }
}

/** A hook for `onRequest` or `preHandler`; it answers refusals as the Rollcall API does. */
export type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/** Gives an application `requireUser` and `requirePermission`. */
export async function rollcall(app: FastifyInstance, options: VerifierOptions): Promise<void> {
  const verifier = createVerifier(options)
  app.decorateRequest('claims', null)

  app.decorate(
    'requireUser',
    guard((header) => verifier.verifyHeader(header)),
  )

  app.decorate('requirePermission', (permission: Permission) =>
    guard(async (header) => {
      const claims = await verifier.verifyHeader(header)
      await verifier.requirePermission(header, permission)
      return claims
    }),
  )
}

// Its decorators are for the application that registers it, not for a scope of its own.
Object.assign(rollcall, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@rollcall/sdk/fastify',
})

function guard(verify: (authorization: string | undefined) => Promise<AccessClaims>): Guard {
  return async (request, reply) => {
    try {
      request.claims = await verify(request.headers.authorization)
    } catch (error) {
      if (!isApiError(error)) throw error
      const { status, code, detail } = error
      reply.code(status).type('application/problem+json')
      if (status === 401) reply.header('www-authenticate', 'Bearer')
      return reply.send(JSON.stringify({ status, code, detail }))
    }
  }
}
