import { fdatasyncSync, fstatSync, openSync } from 'node:fs'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'

/** Makes the commits of a slow disk durable, on a thread of its own: this file is its program, too. */
export interface SyncThread {
  /** Ends when all that was committed before would survive a power cut; one call at a time. */
  sync(): Promise<void>
  /** Ends when the log is not being written back, which nobody should come between. */
  rest(): Promise<void>
  close(): Promise<void>
}

/** What the thread says when it has started, after each sync, and when it has written back. */
interface Said {
  readonly problem?: string | undefined
  readonly isAtRest: boolean
}

/** Starts the thread beside a writer of the database at this path; rejects where none can be had. */
export async function startSyncThread(path: string): Promise<SyncThread> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { syncsLogOf: path } })
  let waiting = Promise.withResolvers<void>()
  let working = Promise.withResolvers<void>()
  let ended: Error | undefined

  function end(error: Error) {
    ended ??= error
    waiting.reject(ended)
    working.resolve()
  }

  worker.on('message', ({ problem, isAtRest }: Said) => {
    if (problem) end(new Error(problem))
    waiting.resolve()
    if (isAtRest) working.resolve()
  })
  worker.on('error', end)
  worker.on('exit', () => end(new Error('The thread that syncs the disk has ended.')))
  await waiting.promise
  return {
    async sync() {
      if (ended) throw ended
      waiting = Promise.withResolvers()
      working = Promise.withResolvers()
      worker.postMessage('sync')
      await waiting.promise
    },
    rest: () => working.promise,
    async close() {
      await worker.terminate()
    },
  }
}

/** As long as SQLite itself lets the log grow before it is written back: a thousand pages. */
const longestLogBytes = 4 * 1_024 * 1_024

/** Writing back may keep the writer for so long when somebody reads. */
const patienceMs = 20

function syncLogOf(path: string) {
  // Unlike with the database itself, to open and close the log ends no lock of SQLite.
  const log = openSync(`${path}-wal`, 'r+')
  const connection = new Sqlite(path, { fileMustExist: true, timeout: patienceMs })
  connection.pragma('synchronous = NORMAL')
  connection.pragma('wal_autocheckpoint = 0')
  let longestBytes = longestLogBytes

  parentPort?.on('message', () => {
    const problem = sync()
    const { size } = fstatSync(log)
    const isLong = size >= longestBytes
    say({ problem, isAtRest: !isLong })
    if (problem || !isLong) return
    // Who reads for long puts it off, until the log has grown by as much again.
    longestBytes = writeBack(connection) ? longestLogBytes : size + longestLogBytes
    say({ isAtRest: true })
  })
  say({ isAtRest: true })

  function sync(): string | undefined {
    try {
      fdatasyncSync(log)
      return undefined
    } catch (error) {
      return `The log of the database cannot be synced: ${error}`
    }
  }

  function say(what: Said) {
    parentPort?.postMessage(what)
  }
}

/** Most of it beside other processes, and the rest while they wait; answers whether the log is empty. */
function writeBack(connection: Sqlite.Database): boolean {
  try {
    connection.pragma('wal_checkpoint(PASSIVE)')
    const [{ busy }] = connection.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }]
    if (busy) return false
    // Whoever writes first syncs the head of the new log: so that is this thread.
    const version = connection.pragma('user_version', { simple: true })
    connection.pragma(`user_version = ${version}`)
    return true
  } catch {
    return false
  }
}

if (!isMainThread && workerData?.syncsLogOf) syncLogOf(workerData.syncsLogOf)
