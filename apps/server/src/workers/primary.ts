import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import type { Logger } from 'pino'
import { createLocalTally } from '../tallies/local.ts'
import type { FromPrimary, FromWorker } from './messages.ts'
import { createQuestions } from './questions.ts'

/** A worker that has lived for so long does not count as one that cannot live. */
const soundMs = 10_000

/** The wait before a worker that died soon is replaced; it doubles with each. */
const firstBackOffMs = 100
const longestBackOffMs = 10_000

/** Workers have so long to tell of their metrics. */
const metricsMs = 1_000

interface Options {
  readonly count: number
  /** Settings of the workers that are decided by now, as environment variables. */
  readonly environment: Record<string, string>
  readonly logger: Logger
}

/**
 * Starts worker processes that share a port, and replaces those that die. One of them does what
 * recurs; what an address calls is counted here for all. Answers nothing where the first ends
 * before it serves.
 */
export async function startWorkers({ count, environment, logger }: Options) {
  const serving = new Set<Worker>()
  const tally = createLocalTally()
  const metrics = createQuestions<object[]>(metricsMs)
  let recurring: Worker | undefined
  let isStopping = false
  let hasServed = false
  let hasSuperuser = false
  let earlyDeaths = 0

  function fork(): Worker {
    const worker = cluster.fork(environment)
    const bornAt = performance.now()
    worker.on('message', (message: FromWorker) => listen(worker, message))
    worker.on('error', (err) => logger.error({ err }, 'a worker cannot be reached'))
    worker.once('exit', (code, signal) => {
      serving.delete(worker)
      if (recurring === worker) chooseRecurring()
      if (isStopping || !hasServed) return
      logger.error({ worker: worker.process.pid, code, signal }, 'a worker has died')
      earlyDeaths = performance.now() - bornAt < soundMs ? earlyDeaths + 1 : 0
      setTimeout(() => isStopping || fork(), backOffOf(earlyDeaths))
    })
    return worker
  }

  function listen(worker: Worker, message: FromWorker) {
    if (message.kind === 'metrics') metrics.answer(message.id, message.metrics)
    if (message.kind === 'count') {
      const { id, key, amount, windowMs } = message
      tell(worker, { kind: 'count', id, count: tally(key, amount, windowMs) })
    }
    if (message.kind === 'ready') {
      hasSuperuser = message.hasSuperuser
      hasServed = true
      serving.add(worker)
      if (!recurring) chooseRecurring()
    }
  }

  function chooseRecurring() {
    recurring = [...serving][0]
    if (recurring) tell(recurring, { kind: 'recur' })
  }

  // The first alone: it makes what there is one of, and says what is wrong.
  if (!(await isServing(fork()))) return undefined
  for (let index = 1; index < count; index += 1) fork()
  while (serving.size < count) await untilOneServes()

  return {
    hasSuperuser: () => hasSuperuser,

    /** The metrics of each worker that answers. */
    async collectMetrics(): Promise<object[][]> {
      const answers = await Promise.allSettled(
        [...serving].map((worker) => metrics.ask((id) => tell(worker, { kind: 'metrics', id }))),
      )
      return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
    },

    /** Lets every worker end what it does; answers whether all could. */
    async stop(): Promise<boolean> {
      isStopping = true
      const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
      const ends = workers.map((worker) => once(worker, 'exit'))
      for (const worker of workers) worker.process.kill('SIGTERM')
      return (await Promise.all(ends)).every(([code]) => code === 0)
    },

    /** Ends those that do not end by themselves. */
    kill() {
      for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL')
    },
  }

  function isServing(worker: Worker): Promise<boolean> {
    const ended = once(worker, 'exit').then(() => false)
    return Promise.race([untilOneServes().then(() => true), ended])
  }

  async function untilOneServes() {
    const before = serving.size
    while (serving.size <= before) await once(cluster, 'message')
  }
}

function tell(worker: Worker, message: FromPrimary) {
  // One that has just died is noticed by its end.
  if (worker.isConnected()) worker.send(message, () => {})
}

function backOffOf(earlyDeaths: number): number {
  if (earlyDeaths < 2) return 0
  return Math.min(firstBackOffMs * 2 ** (earlyDeaths - 2), longestBackOffMs)
}
