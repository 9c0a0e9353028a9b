import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'

/** Lets browsers of the given origins call the API; by default none may (ASVS 3.4.2). */
export async function registerCors(app: FastifyInstance, origins: string) {
  if (!origins) return
  await app.register(cors, {
    origin: origins.split(','),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    // For the cookie of the refresh token, which the origin is checked for again.
    credentials: true,
    exposedHeaders: [
      'etag',
      'idempotency-replayed',
      'location',
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit-reset',
      'retry-after',
      'www-authenticate',
      'x-request-id',
    ],
    // An OPTIONS that is no preflight is not worth an answer of its own kind.
    strictPreflight: false,
    maxAge: 600,
  })
}
