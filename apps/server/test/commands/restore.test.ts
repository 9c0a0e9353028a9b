import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import t, { type Test } from 'tap'
import { systemClock } from '../../src/clock.ts'
import { loadConfig } from '../../src/config.ts'
import { sha256 } from '../../src/crypto.ts'
import { readMigrations } from '../../src/db/migrate.ts'
import { restore } from '../../src/features/backups/service.ts'
import { failureOf, newUser, openOn } from '../db/stores.ts'
import { createServer, password, type TestServer } from '../support/server.ts'
import { createRollcall } from './rollcall.ts'

const secret = 'a secret of the tests, long enough'

/** A server with the account of alice, a backup of it, and what was done since. */
async function createBackup(t: Test) {
  const rollcall = createRollcall(t, { ROLLCALL_SECRET: secret })
  const database = join(rollcall.folder, 'data/rollcall.db')
  const server = await createServer(t, { databaseUrl: `file:${database}`, config: { secret } })
  const old = await server.signUp('alice')
  const file = join(rollcall.folder, 'a.db')
  t.match(await rollcall.run(['backup', file]), { code: 0 })
  await server.signUp('bob')
  const { body: young } = await signIn(server, 'alice')
  return { ...rollcall, server, file, database, tokens: { old, young } }
}

const signIn = ({ call }: TestServer, username: string) =>
  call('POST', '/api/token/', { body: { username, password } })

async function stop({ app, store }: TestServer) {
  await app.close()
  await store.close()
}

/** What everything in the folder of the database is at the moment. */
function stateOf(database: string): Record<string, string> {
  const folder = join(database, '..')
  // The index of the -wal is changed by who only reads.
  const names = readdirSync(folder).filter((name) => !name.endsWith('-shm'))
  return Object.fromEntries(
    names.map((name) => [name, sha256(readFileSync(join(folder, name), 'latin1'))]),
  )
}

t.test('a restored server is as it was when the backup was made', async (t) => {
  const { folder, run, server, file, database, tokens } = await createBackup(t)

  await t.test('a database that a server has open is not touched', async (t) => {
    // Its contents are not read here: a process that closes a file gives up its locks on it.
    const names = readdirSync(join(database, '..'))
    t.match(await run(['restore', file, '--force']), {
      code: 1,
      stdout: '',
      stderr: /^rollcall: The database \S+ is in use\. Stop the server, and restore then\.\n$/,
    })
    t.same(readdirSync(join(database, '..')), names)
    t.match(await signIn(server, 'bob'), { status: 200 }, 'and the server goes on')
  })
  await stop(server)

  await t.test('a database that is there stays, unless told otherwise', async (t) => {
    const before = stateOf(database)
    t.match(await run(['restore', file]), { code: 1, stderr: /already\. Give --force/ })
    t.same(stateOf(database), before)
  })

  const { code, stdout, stderr } = await run(['restore', file, '--force', '--json'])
  t.same({ code, stderr }, { code: 0, stderr: '' })
  const { previous, ...report } = JSON.parse(stdout)
  t.match(report, { file, endedSessions: 1, rows: { users: 1, sessions: 1 } })
  t.equal(statSync(database).mode & 0o777, 0o600)

  await t.test('the database that was there is kept, with all that was in it', async (t) => {
    const kept = new Sqlite(join(folder, previous), { readonly: true })
    t.same(kept.prepare('SELECT username FROM users').pluck().all(), ['alice', 'bob'])
  })

  const restored = await createServer(t, { databaseUrl: `file:${database}`, config: { secret } })

  await t.test('those who were there sign in, those who came later do not', async (t) => {
    t.match(await signIn(restored, 'alice'), { status: 200 })
    t.match(await signIn(restored, 'bob'), { status: 401 })
  })

  await t.test('sessions from before and since are refused alike', async (t) => {
    for (const { refresh, access } of Object.values(tokens)) {
      const refreshed = await restored.call('POST', '/api/token/refresh/', { body: { refresh } })
      t.match(refreshed, { status: 401, body: { code: 'token_not_valid' } })
      const me = await restored.call('GET', '/api/users/me/', { token: access })
      t.match(me, { status: 401, body: { code: 'token_not_valid' } })
    }
  })
  await stop(restored)

  await t.test('the audit trail tells of it, and is intact', async (t) => {
    t.match(await run(['audit', 'verify']), { code: 0 })
    const { stdout } = await run(['audit', 'export'])
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const told = events.filter(({ action }) => action === 'database.restored')
    t.match(told, [{ actor_id: null, details: { sessions_ended: 1 } }])
  })
})

t.test('on an empty machine a backup and the secret are all it takes', async (t) => {
  const { file, tokens } = await createBackup(t)
  const other = createRollcall(t, { ROLLCALL_SECRET: secret })
  t.match(await other.run(['restore', file, '--keep-sessions']), { code: 0, stderr: '' })
  const databaseUrl = `file:${join(other.folder, 'data/rollcall.db')}`
  const { call } = await createServer(t, { databaseUrl, config: { secret } })
  const { refresh } = tokens.old
  const refreshed = await call('POST', '/api/token/refresh/', { body: { refresh } })
  t.equal(refreshed.status, 200, 'sessions are kept where the operator says so')
})

t.test('what was left of another database is not taken for the restored one’s', async (t) => {
  const { folder, run } = createRollcall(t)
  const database = join(folder, 'data/rollcall.db')
  const make = async (path: string, name: string) => {
    const store = await openOn(t, `file:${path}`)
    await store.migrate(() => '2026-01-31T09:30:00.000Z')
    await store.write((tx) => tx.insert(store.tables.users).values(newUser(name)))
    return store
  }
  await (await make(join(folder, 'source.db'), 'alice')).close()
  t.match(await run(['backup', 'a.db'], { env: { ROLLCALL_DATABASE_URL: 'file:source.db' } }), {
    code: 0,
  })
  await make(join(folder, 'live.db'), 'mallory')
  mkdirSync(join(folder, 'data'))
  copyFileSync(join(folder, 'live.db-wal'), `${database}-wal`)
  t.match(await run(['restore', 'a.db']), { code: 0 })
  const store = await openOn(t, `file:${database}`)
  t.match(await store.read.select().from(store.tables.users), [{ username: 'alice' }])
})

t.test('a backup that is none, or no whole one, is refused, and nothing is changed', async (t) => {
  const { folder, run } = createRollcall(t)
  const database = join(folder, 'data/rollcall.db')
  const at = (name: string) => join(folder, name)
  t.match(await run(['migrate']), { code: 0 })
  t.match(await run(['backup', 'whole.db']), { code: 0 })

  const broken = readFileSync(at('whole.db'))
  broken.fill(0xa5, broken.length - 8_192, broken.length - 4_096)
  writeFileSync(at('broken.db'), broken)
  writeFileSync(at('short.db'), readFileSync(at('whole.db')).subarray(0, 50_000))
  writeFileSync(at('text.db'), 'no database '.repeat(1_000))
  writeFileSync(at('empty.db'), '')
  new Sqlite(at('foreign.db')).exec('CREATE TABLE users (id)').close()
  const later = { name: '9999_later', checksum: '', statements: ['SELECT 1'] }
  const migrations = [...readMigrations('sqlite'), later]
  const newer = await openOn(t, `file:${at('newer.db')}`, { migrations })
  await newer.migrate(() => '2026-01-31T09:30:00.000Z')
  await newer.close()
  const before = stateOf(database)

  const refusals: [name: string, reason: RegExp][] = [
    ['broken.db', /is damaged: /],
    ['short.db', /is damaged: /],
    ['text.db', /is damaged: file is not a database\./],
    ['empty.db', /is empty: /],
    ['foreign.db', /is no database of Rollcall\./],
    ['newer.db', /holds the migration 9999_later, which this version/],
    ['missing.db', /There is no file /],
    ['.', /is a folder, not a file\./],
  ]
  const config = { ...loadConfig({}), path: database }
  const options = { clock: systemClock, force: true, keepSessions: false }
  for (const [name, reason] of refusals) {
    const refusal = await failureOf(restore(at(name), config, options))
    const { message } = refusal as Error
    t.match(message, reason, name)
    t.notMatch(message, '\n')
    t.same(stateOf(database), before)
  }
  t.match(await run(['restore', 'broken.db', '--force']), {
    code: 1,
    stdout: '',
    stderr: /^rollcall: The copy broken\.db is damaged: [^\n]+\n$/,
  })
  t.same(stateOf(database), before)
})

t.test('a backup that was made with another secret is refused', async (t) => {
  const { folder, run } = createRollcall(t)
  const secrets = ['one secret, of the first server alone', 'another secret, of the second server']
  const [first, second] = secrets.map((secret) => ({ ROLLCALL_SECRET: secret }))
  t.match(await run(['keys', 'rotate'], { env: first }), { code: 0 })
  t.match(await run(['backup', 'a.db']), { code: 0 })
  const before = stateOf(join(folder, 'data/rollcall.db'))
  const refusal = await run(['restore', 'a.db', '--force'], { env: second })
  t.match(refusal, { code: 1, stderr: /^rollcall: ROLLCALL_SECRET is not the one .+\n$/ })
  t.same(stateOf(join(folder, 'data/rollcall.db')), before)
})

t.test('in place of a damaged database a backup is put when told to', async (t) => {
  const { folder, run } = createRollcall(t)
  const database = join(folder, 'data/rollcall.db')
  t.match(await run(['keys', 'rotate']), { code: 0 })
  t.match(await run(['backup', 'a.db']), { code: 0 })
  writeFileSync(database, '')
  t.match(await run(['restore', 'a.db', '--force']), { code: 0, stderr: '' })
  t.match(await run(['keys', 'list']), { code: 0, stdout: /^[0-9a-f-]{36} / })
  t.match(readdirSync(join(folder, 'data')), ['rollcall.db', /^rollcall\.db\.before-/, 'secret'])
})
