import { fdatasyncSync, openSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { longestLogBytes, type Synced } from './disk.ts'

/** Some thousand pages, as many as SQLite itself would let the log grow to. */
const writesBetween = 250

/** Writing back keeps the writer for so long at most when somebody reads. */
const patienceMs = 20

const path = workerData as string
// Unlike with the database itself, to open and close the log ends no lock of SQLite.
const log = openSync(`${path}-wal`, 'r+')
const connection = new Sqlite(path, { timeout: patienceMs })
connection.pragma('synchronous = NORMAL')
connection.pragma('wal_autocheckpoint = 0')
connection.pragma(`journal_size_limit = ${longestLogBytes}`)

let writes = 0

// Told how many writes there were, it says when they are on the disk.
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
