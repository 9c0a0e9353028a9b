import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ProblemError } from '../problem.ts'

/** How often one address may call, by operation id; `others` is every other operation. */
export const rateLimits: Record<string, { readonly max: number; readonly windowSeconds: number }> =
  {
    'token.create': { max: 60, windowSeconds: 60 },
    'token.refresh': { max: 240, windowSeconds: 60 },
    'token.verify': { max: 240, windowSeconds: 60 },
    register: { max: 120, windowSeconds: 3_600 },
    'password.change': { max: 30, windowSeconds: 60 },
    others: { max: 1_200, windowSeconds: 60 },
  }

/** Keeps one address from flooding the server; counted in this process. */
export async function registerLimits(app: FastifyInstance) {
  await app.register(rateLimit, {
    global: true,
    max: (request) => limitOf(request).max,
    timeWindow: (request) => limitOf(request).windowSeconds * 1_000,
    keyGenerator: (request) => `${limitNameOf(request)} ${request.ip}`,
    allowList: (request) => request.routeOptions.config.operationId?.startsWith('health.') === true,
    enableDraftSpec: true,
    skipOnError: false,
    errorResponseBuilder: (_request, { ttl }) =>
      new ProblemError('throttled', {
        detail: `Too many requests from this address. Try again in ${Math.ceil(ttl / 1_000)} s.`,
        retryAfter: Math.ceil(ttl / 1_000),
      }),
  })
}

function limitNameOf(request: FastifyRequest): string {
  const { operationId } = request.routeOptions.config
  return operationId !== undefined && operationId in rateLimits ? operationId : 'others'
}

function limitOf(request: FastifyRequest) {
  const limit = rateLimits[limitNameOf(request)]
  if (!limit) throw new Error('The limits have no `others`')
  return limit
}
