import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type RateLimit, rateLimits } from '../limits.ts'
import { networkOf } from '../network.ts'
import { ProblemError } from '../problem.ts'
import { LimitStore } from './limit-store.ts'

/** Keeps one address from flooding the server; counted in this process. */
export async function registerLimits(app: FastifyInstance) {
  await app.register(rateLimit, {
    global: false,
    store: LimitStore,
    max: (request) => limitOf(request).max,
    timeWindow: (request) => limitOf(request).windowSeconds * 1_000,
    keyGenerator: (request) => `${limitNameOf(request)} ${networkOf(request.ip)}`,
    allowList: (request) => operationIdOf(request)?.startsWith('health.') === true,
    enableDraftSpec: true,
    skipOnError: false,
    errorResponseBuilder: (_request, { ttl }) =>
      new ProblemError('throttled', {
        detail: `Too many requests from this address. Try again in ${Math.ceil(ttl / 1_000)} s.`,
        retryAfter: Math.ceil(ttl / 1_000),
      }),
  })
  // For all that comes in, before anything else is done with it: those refused count too.
  app.addHook('onRequest', app.rateLimit())
}

function limitNameOf(request: FastifyRequest): keyof typeof rateLimits {
  const operationId = operationIdOf(request)
  return isLimited(operationId) ? operationId : 'others'
}

function isLimited(operationId: string | undefined): operationId is keyof typeof rateLimits {
  return operationId !== undefined && operationId in rateLimits
}

/** Nothing is configured where there is no route. */
function operationIdOf({ routeOptions }: FastifyRequest): string | undefined {
  return routeOptions.config?.operationId
}

function limitOf(request: FastifyRequest): RateLimit {
  return rateLimits[limitNameOf(request)]
}
