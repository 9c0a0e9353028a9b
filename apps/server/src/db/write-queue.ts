import type { Database } from 'better-sqlite3'
import { isLocked, retryPause } from './busy.ts'
import type { Queries } from './store.ts'
import type { SyncThread } from './sync-thread.ts'

interface Job {
  readonly work: (tx: Queries) => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  /** It is given up when it has not had its turn until then. */
  readonly endsAt: number
}

type Outcome = { readonly job: Job } & ({ readonly value: unknown } | { readonly error: unknown })

/** Told how many writes a commit was for. */
export type OnCommit = (writes: number) => void

interface QueueOptions {
  readonly lockTimeoutMs: number
  readonly onCommit?: OnCommit | undefined
  /** Starts what syncs in the place of the writer, where commits take too long. */
  readonly startSyncs: () => Promise<SyncThread>
  /** Told when it takes over: from then on a commit syncs nothing. */
  readonly onStart: () => void
  /** Told when the disk has not kept what it was given: nothing may be built on that. */
  readonly onLost: (error: Error) => void
  /** A commit that takes longer than a disk in order does. */
  readonly slowCommitMs?: number | undefined
}

/** More would hold the event loop for too long at a time. */
const largestGroup = 64

const usualSlowCommitMs = 20

/** One may be slow since the log was written back, or the processor was busy. */
const slowInARow = 3

/** After another process was met, the lock is left free for a moment after each group. */
const contentionMs = 1_000
const contendedPauseMs = 2

/** While the thread is at work, it is looked so often for who has waited for too long. */
const overdueMs = 50

/** They may try again later, as when the file is locked. */
const tooMany = Object.assign(new Error('too many writes wait'), { code: 'SQLITE_BUSY' })

/**
 * Lets writers take turns on the one writing connection. All that wait at the
 * same moment share a transaction, and so its one `fsync`, with a savepoint
 * each: one that fails leaves the others whole. Nobody hears of success before
 * the commit.
 */
export function createWriteQueue(writer: Database, queries: Queries, options: QueueOptions) {
  const { lockTimeoutMs, onCommit = () => {}, slowCommitMs = usualSlowCommitMs } = options
  const waiting: Job[] = []
  let running: Promise<void> | undefined
  let contendedUntil = 0
  let slowCommits = 0
  let starting: Promise<void> | undefined
  let started: SyncThread | undefined
  /** The one to which the writer leaves its syncs. */
  let syncs: SyncThread | undefined
  let awaySince = Number.POSITIVE_INFINITY
  let lost: Error | undefined

  function write<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const endsAt = performance.now() + lockTimeoutMs
      waiting.push({ work, resolve: resolve as (value: unknown) => void, reject, endsAt })
      running ??= drain()
    })
  }

  async function drain() {
    while (waiting.length > 0) {
      // Requests read from the sockets in this turn of the event loop join the group.
      await new Promise((resolve) => setImmediate(resolve))
      if (syncs) await away(syncs.rest())
      refuseOverdue(performance.now(), tooMany)
      if (waiting.length === 0) break
      if (!begin()) {
        await retryPause()
        continue
      }
      const startedAt = performance.now()
      await commitGroup(waiting.splice(0, largestGroup))
      await giveWay(performance.now() - startedAt)
    }
    running = undefined
  }

  /** Takes the lock of the file, or refuses those who have waited for it for too long. */
  function begin(): boolean {
    try {
      if (lost) throw lost
      handOverSyncs()
      writer.exec('BEGIN IMMEDIATE')
      return true
    } catch (error) {
      const now = performance.now()
      if (isLocked(error)) contendedUntil = now + contentionMs
      refuseOverdue(isLocked(error) ? now : Number.POSITIVE_INFINITY, error)
      return false
    }
  }

  function refuseOverdue(now: number, error: unknown) {
    // They came one after the other, so the first ones have waited longest.
    while (waiting[0] && waiting[0].endsAt <= now) waiting.shift()?.reject(error)
  }

  async function commitGroup(group: Job[]) {
    try {
      const outcomes: Outcome[] = []
      for (const job of group) outcomes.push(await runInSavepoint(job))
      commit()
      await sync()
      onCommit(group.length)
      outcomes.forEach(settle)
    } catch (error) {
      for (const job of group) job.reject(error)
      rollBack()
    }
  }

  /** A disk in order is synced here, which is quickest; a slow one would stop all that is read. */
  function commit() {
    const startedAt = performance.now()
    writer.exec('COMMIT')
    slowCommits = performance.now() - startedAt < slowCommitMs ? 0 : slowCommits + 1
    if (slowCommits < slowInARow) return
    starting ??= options.startSyncs().then(
      (thread) => {
        started = thread
      },
      // All goes on as before.
      () => {},
    )
  }

  /** Not within a transaction, in which SQLite syncs as it did at its beginning. */
  function handOverSyncs() {
    if (!started || syncs) return
    syncs = started
    options.onStart()
  }

  async function sync() {
    if (!syncs) return
    try {
      await away(syncs.sync())
    } catch (error) {
      lost = toUnavailable(error)
      options.onLost(lost)
      throw lost
    }
  }

  /** While the thread is at work, who has waited for too long is refused. */
  async function away(work: Promise<void>) {
    awaySince = performance.now()
    const timer = setInterval(() => refuseOverdue(performance.now(), tooMany), overdueMs)
    try {
      await work
    } finally {
      clearInterval(timer)
      awaySince = Number.POSITIVE_INFINITY
    }
  }

  /**
   * A group stands the event loop still, and between two there would be one turn of it: requests
   * are given as long to come in and be answered as a slow one took. Other processes look only now
   * and then whether it is their turn, and would hardly ever meet a gap.
   */
  async function giveWay(tookMs: number) {
    const pauseMs = Math.max(
      tookMs >= slowCommitMs && !syncs ? tookMs : 0,
      performance.now() < contendedUntil ? contendedPauseMs : 0,
    )
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
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
    /** Whether commits are synced elsewhere. */
    leavesSyncs: () => syncs !== undefined,
    /** Throws when the disk keeps nothing, or has been at it for too long. */
    check() {
      if (lost) throw lost
      if (performance.now() - awaySince > lockTimeoutMs) throw tooMany
    },
    /** Ends when everything that was waiting is settled. */
    async close() {
      await running
      await starting
      await started?.close()
    },
  }
}

function toUnavailable(error: unknown): Error {
  return Object.assign(new Error(String(error)), { code: 'SQLITE_IOERR_FSYNC' })
}

function settle(outcome: Outcome) {
  if ('error' in outcome) outcome.job.reject(outcome.error)
  else outcome.job.resolve(outcome.value)
}
