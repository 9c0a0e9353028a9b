import { setImmediate, setTimeout } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import t, { type Test } from 'tap'
import { isUnavailable } from '../../src/db/errors.ts'
import type { Queries } from '../../src/db/store.ts'
import { createWriteQueue } from '../../src/db/write-queue.ts'
import { failureOf } from './stores.ts'

t.test('nobody hears of success before the disk has it', async (t) => {
  const { write, notes, untilSyncing } = await openSlow(t)
  const heard: string[] = []
  const writing = ['one', 'two'].map((text) => write(text).then(() => heard.push(text)))
  const { resolve } = await untilSyncing()
  await setImmediate()
  t.ok(
    ['one', 'two'].every((text) => notes().includes(text)),
    'both are committed',
  )
  t.strictSame(heard, [])
  resolve()
  await Promise.all(writing)
  t.strictSame(heard, ['one', 'two'])
})

t.test('what a sync did not keep is refused, and so is all that would build on it', async (t) => {
  const { write, notes, untilSyncing, queue, losses } = await openSlow(t)
  const failing = failureOf(write('lost'))
  const { reject } = await untilSyncing()
  queue.check()
  reject(new Error('the disk is gone'))
  t.ok(isUnavailable(await failing))
  t.match(losses, [{ message: /the disk is gone/ }], 'the process is told to end')
  t.ok(isUnavailable(await failureOf(write('later'))))
  t.notOk(notes().includes('later'))
  t.throws(() => queue.check(), { message: /the disk is gone/ }, 'it is not ready meanwhile')
})

t.test(
  'who waits for a sync that hangs is refused in time, and the server is not ready',
  async (t) => {
    const { write, untilSyncing, queue } = await openSlow(t, 200)
    const first = write('first')
    const { resolve } = await untilSyncing()
    t.ok(isUnavailable(await failureOf(write('later'))))
    t.throws(() => queue.check(), { message: 'too many writes wait' })
    resolve()
    await first
    queue.check()
  },
)

t.test('where no thread can be started the writer syncs as before', async (t) => {
  const queue = openQueue(t, { startSyncs: () => Promise.reject(new Error('no thread')) })
  for (let count = 0; count < 10; count += 1) await queue.write(`note ${count}`)
  t.notOk(queue.queue.leavesSyncs())
  t.equal(queue.notes().length, 10)
})

/** A queue that has left its syncs to a thread that the test plays. */
async function openSlow(t: Test, lockTimeoutMs?: number) {
  const syncs: PromiseWithResolvers<void>[] = []
  let isHeldUp = false
  const thread = {
    sync() {
      if (!isHeldUp) return Promise.resolve()
      const synced = Promise.withResolvers<void>()
      syncs.push(synced)
      return synced.promise
    },
    rest: async () => {},
    close: async () => {},
  }
  const opened = openQueue(t, { startSyncs: async () => thread, lockTimeoutMs })
  while (!opened.queue.leavesSyncs()) await opened.write('before')
  isHeldUp = true
  return {
    ...opened,
    async untilSyncing() {
      while (!syncs[0]) await setTimeout(1)
      return syncs[0]
    },
  }
}

interface Options {
  readonly startSyncs: Parameters<typeof createWriteQueue>[2]['startSyncs']
  readonly lockTimeoutMs?: number | undefined
}

/** Every commit is slow to it. */
function openQueue(t: Test, { startSyncs, lockTimeoutMs = 5_000 }: Options) {
  const connection = new Sqlite(':memory:')
  connection.exec('CREATE TABLE notes (text)')
  const queries = drizzle(connection) as unknown as Queries
  const losses: Error[] = []
  const queue = createWriteQueue(connection, queries, {
    lockTimeoutMs,
    slowCommitMs: 0,
    startSyncs,
    onStart: () => {},
    onLost: (error) => losses.push(error),
  })
  t.teardown(async () => {
    await queue.close()
    connection.close()
  })
  return {
    queue,
    losses,
    write: (text: string) =>
      queue.write(async (tx) => tx.run(sql`INSERT INTO notes VALUES (${text})`)),
    notes: () => connection.prepare<[], string>('SELECT text FROM notes').pluck().all(),
  }
}
