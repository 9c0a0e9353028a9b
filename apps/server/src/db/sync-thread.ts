import { fdatasyncSync, fstatSync, openSync } from 'node:fs'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'

/** Makes the commits of a slow disk durable, on a thread of its own: this file is its program, too. */
export interface SyncThread {
  /** Ends when all that was committed before would survive a power cut; one call at a time. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** What the thread says when it is ready, and after each sync: nothing, or what went wrong. */
type Said = string | undefined

/** Starts the thread beside a writer of the database at this path; rejects where none can be had. */
export async function startSyncThread(path: string): Promise<SyncThread> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { syncsLogOf: path } })
  let waiting = Promise.withResolvers<void>()
  let ended: Error | undefined

  function end(error: Error) {
    ended ??= error
    waiting.reject(ended)
  }

  worker.on('message', (problem: Said) => {
    if (problem) end(new Error(problem))
    else waiting.resolve()
  })
  worker.on('error', end)
  worker.on('exit', () => end(new Error('The thread that syncs the disk has ended.')))
  await waiting.promise
  return {
    async sync() {
      if (ended) throw ended
      waiting = Promise.withResolvers()
      worker.postMessage('sync')
      await waiting.promise
    },
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
    parentPort?.postMessage(problem)
    const { size } = fstatSync(log)
    if (problem || size < longestBytes) return
    // Who reads for long puts it off, until the log has grown by as much again.
    longestBytes = writeBack(connection) ? longestLogBytes : size + longestLogBytes
  })
  parentPort?.postMessage(undefined satisfies Said)

  function sync(): Said {
    try {
      fdatasyncSync(log)
      return undefined
    } catch (error) {
      return `The log of the database cannot be synced: ${error}`
    }
  }
}

/** Most of it beside other writers, and the rest while they wait; answers whether the log is empty. */
function writeBack(connection: Sqlite.Database): boolean {
  try {
    connection.pragma('wal_checkpoint(PASSIVE)')
    const [{ busy }] = connection.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }]
    if (busy) return false
    // Whoever writes first syncs the head of the new log: so it is this thread.
    const version = connection.pragma('user_version', { simple: true })
    connection.pragma(`user_version = ${version}`)
    return true
  } catch {
    return false
  }
}

if (!isMainThread && workerData?.syncsLogOf) syncLogOf(workerData.syncsLogOf)
