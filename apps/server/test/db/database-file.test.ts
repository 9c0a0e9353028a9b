import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { sha256 } from '../../src/crypto.ts'
import { DatabaseFileError } from '../../src/db/database-file.ts'
import { openStore } from '../../src/db/store.ts'
import { createRollcall } from '../commands/rollcall.ts'
import { temporaryFolder } from '../support/databases.ts'
import { failureOf, instant, newUser, openOn } from './stores.ts'

/** A database with accounts in it, that no process uses. */
async function createFile(t: Test) {
  const path = join(temporaryFolder(t), 'data/rollcall.db')
  const store = await openOn(t, `file:${path}`)
  await store.migrate(() => instant)
  await store.write(async (tx) => {
    const rows = Array.from({ length: 300 }, (_, number) => newUser(`user${number}`))
    await tx.insert(store.tables.users).values(rows)
  })
  await store.close()
  return path
}

/** That the server opens it not, says why in one line, and leaves everything as it was. */
async function assertRefused(t: Test, path: string, expected: RegExp) {
  const before = contentsOf(dirname(path))
  const refusal = await failureOf(openStore(`file:${path}`, { refuseDamaged: true }))
  t.ok(refusal instanceof DatabaseFileError)
  const { message } = refusal as Error
  t.match(message, expected)
  t.notMatch(message, '\n')
  t.same(contentsOf(dirname(path)), before, 'nothing is made, changed or deleted')
}

function contentsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { withFileTypes: true })
  return Object.fromEntries(
    names.map((entry) => [
      entry.name,
      entry.isFile() ? sha256(readFileSync(join(folder, entry.name), 'latin1')) : '',
    ]),
  )
}

t.test('a file that is no database is refused', async (t) => {
  const path = await createFile(t)
  writeFileSync(path, 'these are my notes, and no database at all\n'.repeat(200))
  await assertRefused(t, path, /is damaged: file is not a database\. .*`rollcall restore`/)
})

t.test('a file with a page that was overwritten is refused', async (t) => {
  const path = await createFile(t)
  const bytes = readFileSync(path)
  const pages = bytes.length / 4_096
  bytes.fill(0xa5, Math.floor(pages / 2) * 4_096, (Math.floor(pages / 2) + 1) * 4_096)
  writeFileSync(path, bytes)
  await assertRefused(t, path, /is damaged: .+ `rollcall restore`/)
})

t.test('a file that was cut off is refused', async (t) => {
  const path = await createFile(t)
  truncateSync(path, Math.floor(readFileSync(path).length / 2))
  await assertRefused(t, path, /is damaged: .+ `rollcall restore`/)
})

t.test('an empty file is refused, and not taken for a new one', async (t) => {
  const path = await createFile(t)
  truncateSync(path, 0)
  await assertRefused(t, path, /is empty: its contents are gone\. .*`rollcall restore`/)
})

t.test('a folder in place of the file is refused', async (t) => {
  const path = join(temporaryFolder(t), 'data/rollcall.db')
  mkdirSync(path, { recursive: true })
  await assertRefused(t, path, /is a folder, not a file\./)
})

t.test('a place where no file can be is refused', async (t) => {
  const path = '/proc/self/status/rollcall.db'
  const refusal = await failureOf(openStore(`file:${path}`))
  t.match(refusal, new DatabaseFileError(), 'by its own kind of error')
  t.match((refusal as Error).message, /^The database \S+ cannot be opened: [^\n]+\.$/)
})

t.test('`rollcall serve` says so in one line, with the code 1, and serves nothing', async (t) => {
  const path = await createFile(t)
  writeFileSync(path, 'these are my notes, and no database at all\n'.repeat(200))
  const before = contentsOf(dirname(path))
  const { run } = createRollcall(t, { ROLLCALL_DATABASE_URL: `file:${path}`, ROLLCALL_PORT: '0' })
  t.match(await run(['serve']), {
    code: 1,
    stdout: '',
    stderr: /^rollcall: The database [^\n]+ is damaged: [^\n]+\n$/,
  })
  t.same(contentsOf(dirname(path)), before)
})

t.test('where the database is gone, and something of it is left, none is made', async (t) => {
  for (const left of ['rollcall.db-wal', 'rollcall.db-shm', 'secret']) {
    const path = join(temporaryFolder(t), 'data/rollcall.db')
    mkdirSync(dirname(path))
    writeFileSync(join(dirname(path), left), 'what a database has left behind, long enough\n')
    const there = new RegExp(`There is no database .*, but \\S+/${left} is there\\.`)
    await assertRefused(t, path, there)
    t.notOk(existsSync(path))
  }
})

t.test('a start that the settings stop makes no database either', async (t) => {
  const { folder, run } = createRollcall(t, { ROLLCALL_ENV: 'production' })
  t.match(await run(['serve']), { code: 1 })
  t.same(readdirSync(folder), [])
})

t.test('of first starters at once one makes the file, and all go on', async (t) => {
  const { folder, run } = createRollcall(t)
  const outcomes = await Promise.all([1, 2, 3].map(() => run(['keys', 'rotate'])))
  t.same(
    outcomes.map(({ code, stderr }) => ({ code, stderr })),
    [1, 2, 3].map(() => ({ code: 0, stderr: '' })),
  )
  t.same(readdirSync(join(folder, 'data')), ['rollcall.db', 'secret'])
})

t.test('a file too large to be examined whole is opened as it is', async (t) => {
  const path = await createFile(t)
  // A hole at its end, which SQLite does not look at.
  truncateSync(path, 300 * 1_024 * 1_024)
  const store = await openStore(`file:${path}`, { refuseDamaged: true })
  t.teardown(() => store.close())
  t.equal(await store.read.$count(store.tables.users), 300)
})
