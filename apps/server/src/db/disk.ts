import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

/** Makes durable what SQLite has committed and not synced, on a thread of its own. */
export interface Disk {
  /** Ends when all that was committed until now, in so many writes, would survive a power cut. */
  sync(writes: number): Promise<void>
  close(): Promise<void>
}

/** One who reads for long lets the log grow; written back, it would keep its size. */
export const longestLogBytes = 32 * 1_024 * 1_024

/** What the thread answers to each sync: nothing when all went well. */
export type Synced = { readonly code: string; readonly message: string } | undefined

/** Starts the thread, for the log of the database at this path. */
export function openDisk(path: string): Disk {
  // As it is built, it stands beside this file too.
  const program = new URL(`disk-worker${extname(import.meta.url)}`, import.meta.url)
  const worker = new Worker(program, { workerData: path })
  const waiting: PromiseWithResolvers<void>[] = []
  let failure: Error | undefined

  function fail(error: Error) {
    failure = error
    for (const { reject } of waiting.splice(0)) reject(error)
  }

  worker.on('message', (answer: Synced) => {
    if (answer) fail(Object.assign(new Error(answer.message), { code: answer.code }))
    else waiting.shift()?.resolve()
  })
  worker.on('error', (error) => {
    fail(Object.assign(error, { code: 'SQLITE_IOERR' }))
  })

  return {
    async sync(writes) {
      if (failure) throw failure
      const synced = Promise.withResolvers<void>()
      waiting.push(synced)
      worker.postMessage(writes)
      await synced.promise
    },
    async close() {
      await worker.terminate()
    },
  }
}
