import { setImmediate } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import t, { type Test } from 'tap'
import { isUnavailable } from '../../src/db/errors.ts'
import type { Queries } from '../../src/db/store.ts'
import { createWriteQueue } from '../../src/db/write-queue.ts'
import { failureOf } from './stores.ts'

t.test('nobody hears of success before the disk has it', async (t) => {
  const { note, notes, syncs } = openQueue(t)
  const heard: string[] = []
  const writing = ['one', 'two'].map((text) => note(text).then(() => heard.push(text)))
  while (syncs.length === 0) await setImmediate()
  await setImmediate()
  t.strictSame(notes(), ['one', 'two'], 'both are committed')
  t.strictSame(heard, [])
  syncs.shift()?.resolve()
  await Promise.all(writing)
  t.strictSame(heard, ['one', 'two'])
})

t.test('what a sync did not keep is refused, and so is all that would build on it', async (t) => {
  const { note, notes, syncs, queue } = openQueue(t)
  const failing = failureOf(note('lost'))
  while (syncs.length === 0) await setImmediate()
  queue.check()
  syncs
    .shift()
    ?.reject(Object.assign(new Error('the disk is gone'), { code: 'SQLITE_IOERR_FSYNC' }))
  t.ok(isUnavailable(await failing))
  t.ok(isUnavailable(await failureOf(note('later'))))
  t.strictSame(notes(), ['lost'])
  t.throws(() => queue.check(), { message: 'the disk is gone' }, 'the server is not ready any more')
})

/** A queue that leaves every sync to a disk which the test plays. */
function openQueue(t: Test) {
  const connection = new Sqlite(':memory:')
  connection.exec('CREATE TABLE notes (text)')
  const syncs: PromiseWithResolvers<void>[] = []
  const openDisk = () => ({
    sync() {
      const synced = Promise.withResolvers<void>()
      syncs.push(synced)
      return synced.promise
    },
    close: async () => {},
  })
  const queries = drizzle(connection) as unknown as Queries
  const options = { lockTimeoutMs: 5_000, slowCommitMs: 0, openDisk }
  const queue = createWriteQueue(connection, queries, options)
  t.teardown(async () => {
    await queue.close()
    connection.close()
  })
  return {
    queue,
    syncs,
    note: (text: string) =>
      queue.write(async (tx) => tx.run(sql`INSERT INTO notes VALUES (${text})`)),
    notes: () => connection.prepare('SELECT text FROM notes').pluck().all(),
  }
}
