import type { FastifyInstance } from 'fastify'
import type { HashLoad, Metrics } from '../metrics.ts'

/** Counts every answer; what is no operation of the API counts as `other`. */
export function registerMetrics(app: FastifyInstance, metrics: Metrics, load: () => HashLoad) {
  metrics.watchHashes(load)
  app.addHook('onResponse', (request, reply, done) => {
    const operationId = request.routeOptions.config?.operationId ?? 'other'
    metrics.answered({ operationId, status: reply.statusCode, seconds: reply.elapsedTime / 1_000 })
    done()
  })
}
