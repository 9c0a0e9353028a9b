import rateLimit, {
  type FastifyRateLimitStore,
  type FastifyRateLimitStoreCtor,
} from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type RateLimit, rateLimits } from '../limits.ts'
import { networkOf } from '../network.ts'
import { ProblemError } from '../problem.ts'
import { createLocalTally } from '../tallies/local.ts'
import type { Count } from '../tallies/tally.ts'

/** Counts a call of a key in a window, together with other processes. */
export type CountCall = (key: string, windowMs: number, max: number) => Promise<Count>

/** Keeps one address from flooding the server; counted in this process unless told otherwise. */
export async function registerLimits(app: FastifyInstance, countCall = countAlone()) {
  await app.register(rateLimit, {
    global: false,
    store: storeOf(countCall),
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

/**
 * Counts by a clock that nobody sets: the plugin's own counts by the time of day, and would keep an
 * address out for as long as that is set back.
 */
function countAlone(): CountCall {
  const tally = createLocalTally()
  return async (key, windowMs) => tally(key, 1, windowMs)
}

/** What the plugin makes for itself, of whatever class it is given. */
function storeOf(countCall: CountCall): FastifyRateLimitStoreCtor {
  return class implements FastifyRateLimitStore {
    incr(
      key: string,
      callback: (error: Error | null, result?: { current: number; ttl: number }) => void,
      windowMs = 0,
      max = 0,
    ) {
      countCall(key, windowMs, max).then(
        ({ total, leftMs }) => callback(null, { current: total, ttl: leftMs }),
        callback,
      )
    }

    child() {
      return this
    }
  }
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
