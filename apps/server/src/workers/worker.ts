import type { Metrics } from '../metrics.ts'
import type { Count, Tally } from '../tallies/tally.ts'
import type { FromPrimary, FromWorker } from './messages.ts'
import { createQuestions } from './questions.ts'

/** Nobody waits longer for the primary than so. */
const answerMs = 40

export type WorkerEnd = ReturnType<typeof joinPrimary>

/** The worker's end of the channel to the primary. */
export function joinPrimary(metrics: Metrics | undefined) {
  const counts = createQuestions<Count>(answerMs)
  let mayRecur: () => void
  const recurs = new Promise<void>((resolve) => {
    mayRecur = resolve
  })
  process.on('message', (message: FromPrimary) => {
    if (message.kind === 'recur') mayRecur()
    if (message.kind === 'count') counts.answer(message.id, message.count)
    if (message.kind === 'metrics') tellMetrics(message.id)
  })

  function tellMetrics(id: number) {
    // Without an answer the others are told without this worker.
    metrics?.toJson().then(
      (told) => send({ kind: 'metrics', id, metrics: told }),
      () => {},
    )
  }

  const tally: Tally = {
    add: (key, amount, windowMs) =>
      counts.ask((id) => send({ kind: 'count', id, key, amount, windowMs })),
    check: async () => {},
  }
  return {
    tally,

    /** Resolves when this worker is the one that does what recurs. */
    recurs,

    /** The worker serves. */
    tellReady: (hasSuperuser: boolean) => send({ kind: 'ready', hasSuperuser }),
  }
}

/** A primary that has gone is noticed by the channel's end. */
function send(message: FromWorker) {
  process.send?.(message, undefined, undefined, () => {})
}
