import type { FastifyInstance, FastifyRequest } from 'fastify'

/** One line per request: here those that were served, in problems.ts those that were refused. */
export function registerLogging(app: FastifyInstance) {
  app.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode < 400) {
      const durationMs = Math.round(reply.elapsedTime * 1_000) / 1_000
      request.log.info(
        { ...requestFields(request), status: reply.statusCode, durationMs },
        'served',
      )
    }
    done()
  })
}

/** What is noted of a request: never its query, headers or body, which may hold secrets. */
export function requestFields(request: FastifyRequest) {
  return {
    operation: request.routeOptions.config.operationId,
    method: request.method,
    path: request.url.split('?', 1)[0],
    ip: request.ip,
    user: request.principal?.user.id,
    session: request.principal?.session.id,
  }
}
