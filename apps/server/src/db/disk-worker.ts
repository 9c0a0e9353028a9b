import { fdatasyncSync, openSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import type { Synced } from './disk.ts'
import { longestLogBytes } from './log-size.ts'

/** The thread of `disk.ts`: told of so many writes, it syncs the log, and now and then writes it back. */
const path = workerData as string
// To open and close the log, unlike the database itself, ends no lock of SQLite.
const log = openSync(`${path}-wal`, 'r+')

/** Of a thousand pages, about as many as SQLite itself would let the log grow to. */
const writesBetween = 250

/** How long the writer, which waits for it, may be kept by one who reads. */
const connection = new Sqlite(path, { timeout: 20 })
connection.pragma('synchronous = NORMAL')
connection.pragma('wal_autocheckpoint = 0')
connection.pragma(`journal_size_limit = ${longestLogBytes}`)

let writes = 0

parentPort?.on('message', (more: number) => {
  parentPort?.postMessage(sync())
  writes += more
  if (writes < writesBetween) return
  writes = 0
  writeBack()
})

function sync(): Synced {
  try {
    fdatasyncSync(log)
    return undefined
  } catch (error) {
    return { code: 'SQLITE_IOERR_FSYNC', message: `The log cannot be synced: ${error}` }
  }
}

/**
 * Most of it while others write; the rest, and the sync of the head of a log begun anew, while the
 * writer waits for its turn. Whoever reads or writes meanwhile only puts it off.
 */
function writeBack() {
  try {
    connection.pragma('wal_checkpoint(PASSIVE)')
    connection.pragma('wal_checkpoint(RESTART)')
    const version = connection.pragma('user_version', { simple: true })
    connection.pragma(`user_version = ${version}`)
  } catch {
    // It is tried again after as many writes.
  }
}
