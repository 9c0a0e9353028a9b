import type { Database } from 'better-sqlite3'
import { retryWhileLocked } from './busy.ts'
import type { Queries } from './store.ts'

interface Job {
  readonly work: (tx: Queries) => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

type Outcome = { readonly job: Job } & ({ readonly value: unknown } | { readonly error: unknown })

/** Told how many writes a commit was for. */
export type OnCommit = (writes: number) => void

interface QueueOptions {
  readonly lockTimeoutMs: number
  readonly onCommit?: OnCommit | undefined
}

/** More would hold the event loop for too long at a time. */
const largestGroup = 64

/** After another process was met, the lock is left free for a moment before each group. */
const contentionMs = 1_000
const giveWayMs = 2

/**
 * Lets writers take turns on the one writing connection. All that wait at the
 * same moment share a transaction, and so its one `fsync`, with a savepoint
 * each: one that fails leaves the others whole. Nobody hears of success before
 * the commit.
 */
export function createWriteQueue(writer: Database, queries: Queries, options: QueueOptions) {
  const { lockTimeoutMs, onCommit = () => {} } = options
  const waiting: Job[] = []
  let running: Promise<void> | undefined
  let contendedUntil = 0

  function write<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      waiting.push({ work, resolve: resolve as (value: unknown) => void, reject })
      running ??= drain()
    })
  }

  async function drain() {
    while (waiting.length > 0) {
      // Requests read from the sockets in this turn of the event loop join the group.
      await new Promise((resolve) => setImmediate(resolve))
      await giveWay()
      await commitGroup(waiting.splice(0, largestGroup))
    }
    running = undefined
  }

  async function commitGroup(group: Job[]) {
    try {
      const begin = () => writer.exec('BEGIN IMMEDIATE')
      const { hasWaited } = await retryWhileLocked(begin, lockTimeoutMs)
      if (hasWaited) contendedUntil = performance.now() + contentionMs
      const outcomes: Outcome[] = []
      for (const job of group) outcomes.push(await runInSavepoint(job))
      writer.exec('COMMIT')
      onCommit(group.length)
      outcomes.forEach(settle)
    } catch (error) {
      for (const job of group) job.reject(error)
      rollBack()
    }
  }

  /** Others look only now and then whether it is their turn, and would hardly ever meet a gap. */
  async function giveWay() {
    if (performance.now() >= contendedUntil) return
    await new Promise((resolve) => setTimeout(resolve, giveWayMs))
  }

  function rollBack() {
    try {
      if (writer.inTransaction) writer.exec('ROLLBACK')
    } catch {
      // The next BEGIN reports whatever is wrong with the connection.
    }
  }

  async function runInSavepoint(job: Job): Promise<Outcome> {
    writer.exec('SAVEPOINT job')
    try {
      const value = await job.work(queries)
      writer.exec('RELEASE job')
      return { job, value }
    } catch (error) {
      // A full disk ends the whole transaction by itself; then nobody may succeed.
      if (!writer.inTransaction) throw error
      writer.exec('ROLLBACK TO job; RELEASE job')
      return { job, error }
    }
  }

  return {
    write,
    /** Ends when everything that was waiting is settled. */
    idle: async () => running,
  }
}

function settle(outcome: Outcome) {
  if ('error' in outcome) outcome.job.reject(outcome.error)
  else outcome.job.resolve(outcome.value)
}
