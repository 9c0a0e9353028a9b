import rateLimit, { normalizeIP } from '@fastify/rate-limit'
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

/** So many addresses are kept in mind; beyond it the one that called longest ago is forgotten. */
const rememberedAddresses = 100_000

/** Keeps one address from flooding the server; counted in this process. */
export async function registerLimits(app: FastifyInstance) {
  await app.register(rateLimit, {
    global: false,
    cache: rememberedAddresses,
    max: (request) => limitOf(request).max,
    timeWindow: (request) => limitOf(request).windowSeconds * 1_000,
    // Whoever has one IPv6 address has its whole /64.
    keyGenerator: (request) => `${limitNameOf(request)} ${normalizeIP(request.ip, 64)}`,
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

function limitNameOf(request: FastifyRequest): string {
  const operationId = operationIdOf(request)
  return operationId !== undefined && operationId in rateLimits ? operationId : 'others'
}

/** Nothing is configured where there is no route. */
function operationIdOf({ routeOptions }: FastifyRequest): string | undefined {
  return routeOptions.config?.operationId
}

function limitOf(request: FastifyRequest) {
  const limit = rateLimits[limitNameOf(request)]
  if (!limit) throw new Error('The limits have no `others`')
  return limit
}
