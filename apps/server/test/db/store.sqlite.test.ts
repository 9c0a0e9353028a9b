import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Sqlite, { type Database } from 'better-sqlite3'
import { eq, sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { isUnavailable } from '../../src/db/errors.ts'
import { openStore, type Queries, type Store, type StoreOptions } from '../../src/db/store.ts'
import { createUsersRepository } from '../../src/features/users/repository.ts'
import { temporaryFolder } from '../support/databases.ts'
import { failureOf, instant, newSession, newUser, openOn } from './stores.ts'

t.test('an acknowledged write survives a power cut: each commit is synced', async (t) => {
  const { store, insert } = await open(t, { slowCommitMs: Number.POSITIVE_INFINITY })
  await store.write((tx) => insert(tx, 'alice'))
  // better-sqlite3 lowers it at the first write, unless told otherwise.
  t.equal(await store.write((tx) => pragma(tx, 'synchronous')), 2, 'FULL')
  t.equal(await store.write((tx) => pragma(tx, 'journal_mode')), 'wal')
})

t.test('a row that refers to nothing is refused', async (t) => {
  const { store } = await open(t)
  const session = newSession('01890000-0000-7000-8000-000000000000')
  await t.rejects(
    store.write((tx) => tx.insert(store.tables.sessions).values(session)),
    { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' },
  )
})

t.test('nobody else on the machine can read the files', async (t) => {
  const { path, store, insert } = await open(t)
  await store.write((tx) => insert(tx, 'alice'))
  for (const suffix of ['', '-wal', '-shm']) {
    t.equal(statSync(path + suffix).mode & 0o777, 0o600, `the database${suffix}`)
  }
  t.equal(statSync(join(path, '..')).mode & 0o777, 0o700, 'the folder that was made for it')
})

t.test('while another process writes, writes wait and the server goes on', async (t) => {
  const { store, insert, lock, unlock } = await open(t)
  lock()
  let isDone = false
  const writing = store
    .write((tx) => insert(tx, 'alice'))
    .then(() => {
      isDone = true
    })
  for (let turns = 0; turns < 3; turns += 1) await store.check()
  t.notOk(isDone)
  t.equal(await store.read.$count(store.tables.users), 0, 'reads are answered')
  unlock()
  await writing
  t.equal(await store.read.$count(store.tables.users), 1)
})

t.test('beyond the limit a write is unavailable, and the next one is tried anew', async (t) => {
  const { store, insert, lock, unlock } = await open(t, { lockTimeoutMs: 20 })
  lock()
  const outcomes = await Promise.all(
    ['alice', 'bob'].map((name) => failureOf(store.write((tx) => insert(tx, name)))),
  )
  t.ok(outcomes.every(isUnavailable), 'all that waited together')
  unlock()
  await store.write((tx) => insert(tx, 'carol'))
  t.equal(await store.read.$count(store.tables.users), 1)
})

t.test('however many wait for the lock, each waits for as long as the limit', async (t) => {
  const { store, insert, lock, unlock } = await open(t, { lockTimeoutMs: 500 })
  lock()
  const names = Array.from({ length: 200 }, (_, number) => `user${number}`)
  const writes = names.map((name) => failureOf(store.write((tx) => insert(tx, name))))
  t.ok(isUnavailable(await writes[0]))
  const late = store.write((tx) => insert(tx, 'alice'))
  t.ok((await Promise.all(writes)).every(isUnavailable), 'none has another turn of waiting')
  unlock()
  await t.resolves(late, 'who came later waits for longer')
})

t.test('however slow the disk and however many write, others get their turns', async (t) => {
  let commits = 0
  const slowDisk = () => {
    commits += 1
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30)
  }
  const { store } = await open(t, { onCommit: slowDisk })
  let turns = 0
  const watch = () => {
    turns += 1
    if (commits < 10) setImmediate(watch)
  }
  const { users } = store.tables
  const write = () => store.write((tx) => tx.update(users).set({ version: 2 }))
  const writeOn = async () => {
    while (commits < 10) await write()
  }
  setImmediate(watch)
  await Promise.all([writeOn(), writeOn()])
  t.ok(turns > commits * 5, `${turns} turns of the event loop for ${commits} commits`)
})

t.test(
  'beside a slow disk another thread syncs, writes the log back, and loses nothing',
  async (t) => {
    const { path, store, insert } = await open(t, { slowCommitMs: 0 })
    let count = 0
    const write = () => store.write((tx) => insert(tx, `user${++count}`))
    while ((await store.write((tx) => pragma(tx, 'synchronous'))) !== 1) await write()
    t.match((await store.inspect()).settings, { synchronous: '2' }, 'as durable as before')
    for (let round = 0; round < 30; round += 1) {
      await Promise.all(Array.from({ length: 100 }, write))
    }
    const megabytes = statSync(`${path}-wal`).size / 1_024 / 1_024
    t.ok(megabytes < 10, `a log of ${megabytes} MB`)
    const other = connect(t, path)
    t.equal(other.prepare('SELECT count(*) FROM users').pluck().get(), count)
  },
)

t.test('a thread syncs the log of a database that a link leads to', async (t) => {
  const { path } = await open(t)
  const link = join(temporaryFolder(t), 'linked.db')
  symlinkSync(path, link)
  const store = await openOn(t, `file:${link}`, { slowCommitMs: 0 })
  const { users } = store.tables
  let count = 0
  const write = () => store.write((tx) => tx.insert(users).values(newUser(`user${++count}`)))
  while ((await store.write((tx) => pragma(tx, 'synchronous'))) !== 1) await write()
  await write()
  t.equal(await store.read.$count(users), count)
})

t.test('a write that cannot have its turn within the limit is unavailable', async (t) => {
  const slowDisk = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
  const { store } = await open(t, { onCommit: slowDisk, lockTimeoutMs: 50 })
  const { users } = store.tables
  const writes = Array.from({ length: 200 }, () =>
    failureOf(store.write((tx) => tx.update(users).set({ version: 2 }))),
  )
  const failures = (await Promise.all(writes)).filter((failure) => failure !== undefined)
  t.ok(failures.length > 0 && failures.length < writes.length)
  t.ok(failures.every(isUnavailable))
})

t.test('the log that one who read for long has let grow is cut again', async (t) => {
  const { path, store, insert } = await open(t, { slowCommitMs: Number.POSITIVE_INFINITY })
  const reader = connect(t, path)
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM users').get()
  const { users } = store.tables
  const address = 'somewhere '.repeat(200_000)
  for (let number = 0; number < 40; number += 1) {
    const row = newUser(`user${number}`, { address })
    await store.write((tx) => tx.insert(users).values(row))
  }
  const megabytes = () => statSync(`${path}-wal`).size / 1_024 / 1_024
  t.ok(megabytes() > 64, 'nothing is written back while somebody reads')
  reader.exec('COMMIT')
  for (const name of ['alice', 'bob']) await store.write((tx) => insert(tx, name))
  t.ok(megabytes() <= 32)
})

t.test('of processes that write without pause none is kept waiting by another', async (t) => {
  const { path, store } = await open(t)
  const writers = await Promise.all(['alice', 'bob'].map((name) => startWriter(t, path, name)))
  for (const { stdin } of writers) stdin.write('go')
  const { users } = store.tables
  const counts = () =>
    Promise.all(['alice', 'bob'].map((name) => store.read.$count(users, eq(users.firstName, name))))
  while (Math.max(...(await counts())) < 500) await setTimeout(5)
  const [alice = 0, bob = 0] = await counts()
  t.ok(Math.min(alice, bob) > 150, `${alice} and ${bob} writes`)
})

t.test('a database that another process is just making is waited for', async (t) => {
  const path = join(temporaryFolder(t), 'rollcall.db')
  const other = connect(t, path)
  other.exec('CREATE TABLE some (thing); BEGIN EXCLUSIVE')
  const opening = openOn(t, `file:${path}`)
  await new Promise((resolve) => setImmediate(resolve))
  other.exec('COMMIT')
  await t.resolves(opening)
})

t.test('closing succeeds while another process writes', async (t) => {
  const path = join(temporaryFolder(t), 'rollcall.db')
  const store = await openStore(`file:${path}`)
  await store.migrate(() => instant)
  const repository = createUsersRepository(store.tables)
  await store.write(async (tx) => {
    const rows = Array.from({ length: 500 }, (_, number) => newUser(`user${number}`))
    await tx.insert(store.tables.users).values(rows)
    // What the connection has searched by an index, it counts when it closes, and notes that.
    await repository.findTaken(tx, { usernameKey: 'alice' })
  })
  connect(t, path).exec('BEGIN IMMEDIATE')
  await t.resolves(store.close())
})

t.test('on a full disk writes are unavailable, reads go on, and room helps', async (t) => {
  const { store, insert } = await open(t)
  await store.write((tx) => insert(tx, 'alice'))
  const pages = await store.write((tx) => pragma(tx, 'page_count'))
  await store.write((tx) => pragma(tx, `max_page_count = ${pages}`))

  const outcomes = await fill(store, insert)
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected')
  t.not(failures.length, 0)
  t.ok(failures.every(({ reason }) => isUnavailable(reason)))
  const acknowledged = outcomes.length - failures.length
  t.equal(await store.read.$count(store.tables.users), 1 + acknowledged, 'what was said is true')

  await store.write((tx) => pragma(tx, 'max_page_count = 1000000'))
  await store.write((tx) => insert(tx, 'bob'))
  t.equal(await store.read.$count(store.tables.users), 2 + acknowledged)
})

/** Writes more than fits into the pages that there are. */
function fill(store: Store, insert: (tx: Queries, name: string) => Promise<unknown>) {
  return Promise.allSettled(
    Array.from({ length: 100 }, (_, number) => store.write((tx) => insert(tx, `user${number}`))),
  )
}

async function open(t: Test, options?: StoreOptions) {
  const path = join(temporaryFolder(t), 'data/rollcall.db')
  const store = await openOn(t, `file:${path}`, options)
  await store.migrate(() => instant)
  const repository = createUsersRepository(store.tables)
  const other = connect(t, path)
  return {
    path,
    store,
    insert: (tx: Queries, name: string) =>
      repository.insert(tx, newUser(name, { address: 'somewhere '.repeat(50) })),
    lock: () => other.exec('BEGIN IMMEDIATE'),
    unlock: () => other.exec('COMMIT'),
  }
}

/** A connection that is none of the store's, as of another process. */
function connect(t: Test, path: string): Database {
  const connection = new Sqlite(path)
  t.teardown(() => connection.close())
  return connection
}

/** Another process, ready to write as much as it can from the first that it is told. */
async function startWriter(t: Test, path: string, name: string) {
  const program = fileURLToPath(new URL('writing-process.ts', import.meta.url))
  const child = spawn(process.execPath, [program, path, name], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

/** Asked within a write, it is the connection of the writer that answers. */
async function pragma(tx: Queries, text: string): Promise<unknown> {
  const [row] = await tx.all<Record<string, unknown>>(sql.raw(`PRAGMA ${text}`))
  return row && Object.values(row)[0]
}
