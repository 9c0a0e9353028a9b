import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { TokenPair } from '@rollcall/contract'
import Sqlite from 'better-sqlite3'
import t, { type Test } from 'tap'
import { newUser, openOn } from '../db/stores.ts'
import { createDatabase, databaseNames, notRun } from '../support/databases.ts'
import { postgresPrograms } from '../support/postgres-programs.ts'
import { createRollcall } from './rollcall.ts'
import { startServing } from './serving.ts'

const account = {
  username: 'alice',
  email: 'alice@example.com',
  password: 'correct-horse-battery',
}

/** A command line whose database is data/rollcall.db, and a folder for backups. */
function createPlace(t: Test) {
  const rollcall = createRollcall(t)
  const backups = join(rollcall.folder, 'backups')
  mkdirSync(backups)
  const database = join(rollcall.folder, 'data/rollcall.db')
  return { ...rollcall, rollcall, backups, database, file: join(backups, 'a.db') }
}

const namesIn = (file: string) =>
  new Sqlite(file, { readonly: true }).prepare('SELECT username FROM users').pluck().all()

t.test('while others write, a backup holds what was acknowledged before, and no gap', async (t) => {
  const { run, database, file } = createPlace(t)
  const store = await openOn(t, `file:${database}`)
  await store.migrate(() => '2026-01-31T09:30:00.000Z')
  let acknowledged = 0
  let isOver = false
  const writing = (async () => {
    for (; !isOver; acknowledged += 1) {
      await store.write((tx) =>
        tx.insert(store.tables.users).values(newUser(`user${acknowledged}`)),
      )
    }
  })()
  while (acknowledged < 200) await setTimeout(5)

  const before = acknowledged
  const { code, stdout, stderr } = await run(['backup', file, '--json'])
  isOver = true
  await writing
  t.same({ code, stderr }, { code: 0, stderr: '' })
  const { rows, sha256 } = JSON.parse(stdout)
  t.equal(sha256, execFileSync('sha256sum', [file], { encoding: 'utf8' }).split(' ')[0])
  t.ok(rows.users >= before, `${before} were acknowledged, and ${rows.users} are in it`)
  t.ok(acknowledged > rows.users, 'writers went on')
  t.same(
    namesIn(file),
    Array.from({ length: rows.users }, (_, number) => `user${number}`),
    'each that came before another in it is in it',
  )
})

t.test(
  'a backup of a running server is whole, for its owner alone, without a secret',
  async (t) => {
    const { rollcall, run, folder, backups, database, file } = createPlace(t)
    const server = await startServing(rollcall)
    const post = (path: string, body: object) =>
      fetch(server.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    t.equal((await post('/api/register/', account)).status, 201)
    const tokens = (await (await post('/api/token/', account)).json()) as TokenPair

    const { code, stdout } = await run(['backup', file])
    t.equal(code, 0)
    t.match(stdout, /is copied to .+, and the copy checked: [\d,]+ bytes\.\nSHA-256 [0-9a-f]{64}\n/)
    t.match(stdout, /\bsessions 1\b.*\busers 1\b/)
    t.match(stdout, 'keep the file data/secret apart from it')
    t.same(readdirSync(backups), ['a.db'], 'nothing beside it')
    t.equal(statSync(file).mode & 0o777, 0o600)

    const bytes = readFileSync(file, 'latin1')
    const secret = readFileSync(join(folder, 'data/secret'), 'utf8').trim()
    for (const clear of [account.password, tokens.access, tokens.refresh, secret]) {
      t.notOk(clear === null || bytes.includes(clear))
    }
    t.ok(bytes.includes('$argon2id$'), 'passwords are hashes')
    t.equal(await server.stop(), 0)
    t.ok(existsSync(database))
  },
)

t.test('what was deleted is not in a backup', async (t) => {
  const { run, database, file } = createPlace(t)
  const store = await openOn(t, `file:${database}`)
  await store.migrate(() => '2026-01-31T09:30:00.000Z')
  const { users } = store.tables
  await store.write((tx) => tx.insert(users).values(newUser('forgotten')))
  await store.write((tx) => tx.delete(users))
  t.match(await run(['backup', file]), { code: 0 })
  t.notOk(readFileSync(file, 'latin1').includes('forgotten'))
})

t.test('after a crash a backup holds what stands in the -wal alone, and leaves it', async (t) => {
  const { run, rollcall, database, file } = createPlace(t)
  const server = await startServing(rollcall)
  const store = await openOn(t, `file:${database}`)
  await store.write((tx) => tx.insert(store.tables.users).values(newUser('alice')))
  await server.stop('SIGKILL')
  const wal = readFileSync(`${database}-wal`)
  t.match(await run(['backup', file]), { code: 0 })
  t.same(namesIn(file), ['alice'])
  t.same(readFileSync(`${database}-wal`), wal)
})

t.test('a backup overwrites no file unless told to, and never the database', async (t) => {
  const { run, backups, database, file } = createPlace(t)
  t.match(await run(['migrate']), { code: 0 })
  writeFileSync(file, 'of yesterday')
  t.match(await run(['backup', file]), { code: 1, stderr: /^rollcall: There is a file .+\n$/ })
  t.equal(readFileSync(file, 'utf8'), 'of yesterday')
  t.match(await run(['backup', file, '--force']), { code: 0 })
  t.same(namesIn(file), [])
  t.equal(statSync(file).mode & 0o777, 0o600)

  const before = readFileSync(database)
  const onItself = await run(['backup', database, '--force'])
  t.match(onItself, { code: 1, stderr: /is a database in use, and no place for a backup\./ })
  t.same(readFileSync(database), before)
  t.same(readdirSync(backups), ['a.db'])
})

t.test(
  'where there is nothing to copy, or nowhere to, it says so and leaves nothing',
  async (t) => {
    const { run, folder, backups, database, file } = createPlace(t)
    t.match(await run(['backup', file]), {
      code: 1,
      stderr: /^rollcall: There is no database .+\n$/,
    })
    t.notOk(existsSync(join(folder, 'data')))
    mkdirSync(join(folder, 'data'))
    writeFileSync(database, 'no database '.repeat(1_000))
    t.match(await run(['backup', file]), {
      code: 1,
      stderr: /^rollcall: The database .+ is damaged: /,
    })
    t.same(readdirSync(backups), [])
  },
)

if (databaseNames.includes('postgres')) {
  await t.test('for PostgreSQL the command that backs up and restores is printed', async (t) => {
    const ROLLCALL_DATABASE_URL = await createDatabase(t, 'postgres')
    const { run, folder, backups } = createPlace(t)
    const file = join(backups, "it's mine.dump")
    const [backup, restore] = await Promise.all(
      ['backup', 'restore'].map((command) =>
        run([command, file], { env: { ROLLCALL_DATABASE_URL } }),
      ),
    )
    t.match(
      [backup, restore],
      [
        { code: 2, stdout: '' },
        { code: 2, stdout: '' },
      ],
    )
    const commandOf = (text = '') => text.match(/`((pg_dump|pg_restore) [^`]+)`/)?.[1] ?? ''
    const programs = postgresPrograms()
    if (!programs) return notRun('pg_dump and pg_restore (PostgreSQL’s programs are missing)')
    const store = await openOn(t, ROLLCALL_DATABASE_URL)
    const { users } = store.tables
    await store.write((tx) => tx.insert(users).values(newUser('alice')))
    const sh = (command: string) =>
      execFileSync('sh', ['-c', command], {
        cwd: folder,
        env: { ROLLCALL_DATABASE_URL, PATH: `${programs}:${process.env.PATH}` },
      })
    sh(commandOf(backup?.stderr))
    await store.write((tx) => tx.delete(users))
    sh(commandOf(restore?.stderr))
    t.match(await store.read.select().from(users), [{ username: 'alice' }])
    t.match(restore?.stderr, '` and then `rollcall sessions end-all`.')
  })
}
