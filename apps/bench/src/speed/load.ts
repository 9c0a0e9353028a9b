import autocannon, { type Client, type Request } from 'autocannon'
import { median, percentile } from '../statistics.ts'

/** Who calls what: each connection sends its own request, one after the other's answer. */
export interface Load {
  readonly url: string
  readonly connections: number
  /** The request of one connection; `setupRequest` and `onResponse` may change it each time. */
  connect(connection: number): Request
}

export interface Figures {
  readonly perSecond: number
  /** The slowest round and the fastest. */
  readonly spread?: readonly [number, number]
  readonly p50Ms: number
  readonly p99Ms: number
  /** Answers other than 2xx, errors and time-outs; any makes the figures worthless. */
  readonly failed: number
  /** What the event loop of the process worked per request, where the system tells. */
  readonly cpuMicroseconds?: number | undefined
  /** The same of the whole process, whose other threads hash. */
  readonly processCpuMicroseconds?: number | undefined
}

/** Sends requests for some seconds, as fast as they are answered. */
export async function measureLoad(load: Load, seconds: number): Promise<Figures> {
  let connection = 0
  const durations: number[] = []
  const startedAt = performance.now()
  let endedAt = startedAt
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(
      {
        url: load.url,
        connections: load.connections,
        duration: seconds,
        sampleInt: 50,
        setupClient: (client: Client) => client.setRequests([load.connect(connection++)]),
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    )
    instance.on('response', (_client, _status, _bytes, durationMs) => {
      durations.push(durationMs)
      endedAt = performance.now()
    })
  })
  const failed = result.non2xx + result.errors + result.timeouts
  return toFigures(durations, endedAt - startedAt, failed)
}

export function toFigures(durations: number[], elapsedMs: number, failed: number): Figures {
  durations.sort((left, right) => left - right)
  return {
    perSecond: (durations.length * 1_000) / elapsedMs,
    p50Ms: percentile(durations, 0.5),
    p99Ms: percentile(durations, 0.99),
    failed,
  }
}

/** The median of each figure over the rounds; failures add up. */
export function medianOf(rounds: readonly Figures[]): Figures {
  const cpu = rounds.flatMap(({ cpuMicroseconds }) => cpuMicroseconds ?? [])
  const processCpu = rounds.flatMap(({ processCpuMicroseconds }) => processCpuMicroseconds ?? [])
  const rates = rounds.map(({ perSecond }) => perSecond)
  return {
    perSecond: median(rates),
    spread: [Math.min(...rates), Math.max(...rates)],
    p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(rounds.map(({ p99Ms }) => p99Ms)),
    failed: rounds.reduce((total, { failed }) => total + failed, 0),
    cpuMicroseconds: cpu.length > 0 ? median(cpu) : undefined,
    processCpuMicroseconds: processCpu.length > 0 ? median(processCpu) : undefined,
  }
}
