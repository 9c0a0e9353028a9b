import { createServer } from 'node:http'
import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  Registry,
} from 'prom-client'
import type { Config } from './config.ts'

/** An answer, as it is counted. */
export interface Answer {
  readonly operationId: string
  readonly status: number
  readonly seconds: number
}

/** How many password hashes are under way, and how many wait for a core. */
export interface HashLoad {
  readonly running: number
  readonly waiting: number
}

export type Metrics = ReturnType<typeof createMetrics>

/** What the server tells of its own work, in the text format of Prometheus. */
export function createMetrics() {
  const register = new Registry()
  const registers = [register]
  // Memory, processor time, garbage collection and the delay of the event loop.
  collectDefaultMetrics({ register })
  const answers = new Counter({
    name: 'rollcall_http_requests_total',
    help: 'Answers, by operation and status.',
    labelNames: ['operation', 'status'],
    registers,
  })
  const durations = new Histogram({
    name: 'rollcall_http_request_duration_seconds',
    help: 'How long answers took, by operation.',
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  })
  const signIns = new Counter({
    name: 'rollcall_sign_ins_total',
    help: 'Attempts to sign in with a password, by outcome.',
    labelNames: ['outcome'],
    registers,
  })
  const commits = new Histogram({
    name: 'rollcall_group_commit_size',
    help: 'How many writes shared a commit; SQLite only.',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers,
  })

  return {
    answered({ operationId, status, seconds }: Answer) {
      answers.inc({ operation: operationId, status })
      durations.observe({ operation: operationId }, seconds)
      if (operationId === 'token.create') signIns.inc({ outcome: outcomeOf(status) })
    },

    committed: (writes: number) => commits.observe(writes),

    /** Asks for the load whenever the metrics are read. */
    watchHashes(load: () => HashLoad) {
      new Gauge({
        name: 'rollcall_password_hashes_running',
        help: 'Password hashes under way.',
        registers,
        collect() {
          this.set(load().running)
        },
      })
      new Gauge({
        name: 'rollcall_password_hashes_waiting',
        help: 'Password hashes that wait for a free core.',
        registers,
        collect() {
          this.set(load().waiting)
        },
      })
    },

    text: () => register.metrics(),

    /** For another process, which puts them together with those of others. */
    toJson: (): Promise<object[]> => register.getMetricsAsJSON(),
  }
}

/** The metrics of several processes in one: counts are added, delays averaged. */
export function addMetrics(metrics: readonly object[][]): Promise<string> {
  return AggregatorRegistry.aggregate([...metrics]).metrics()
}

/** The outcomes of a sign-in, by the status of its answer. */
const outcomes: Record<number, string> = {
  200: 'succeeded',
  400: 'malformed',
  401: 'failed',
  429: 'throttled',
  503: 'busy',
}

function outcomeOf(status: number): string {
  return outcomes[status] ?? 'error'
}

/** Serves the metrics on a port of their own, not open to the world; answers how to stop. */
export async function serveMetrics(
  readText: () => Promise<string>,
  { metricsHost, metricsPort }: Pick<Config, 'metricsHost' | 'metricsPort'>,
  log: { info(fields: object, message: string): void },
): Promise<() => void> {
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    const text = await readText()
    response.writeHead(200, { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE }).end(text)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(metricsPort, metricsHost, resolve)
  })
  log.info({ address: server.address() }, 'serving /metrics')
  return () => {
    server.close()
    server.closeAllConnections()
  }
}
