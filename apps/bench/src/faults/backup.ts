import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createCaller } from '../caller.ts'
import { runCommand } from '../processes.ts'
import { seed } from '../seed/seed.ts'
import type { Figures } from '../speed/load.ts'
import { measurePaced } from '../speed/paced.ts'
import { type Conditions, type Fault, inSeconds, type Row, rowsOf } from './fault.ts'
import type { Ledger, Person } from './ledger.ts'
import { findDamage, withRows } from './rows.ts'
import { firstOf, prepareRead, type Scene, sleep, until, withScene } from './scene.ts'
import { createFolder, createWorkspace } from './workspaces.ts'

export const backup: Fault = {
  id: 'F12',
  name: 'a backup under load',
  async run(conditions) {
    const workspace = await createWorkspace(conditions, 'SQLite')
    const users = conditions.isLong ? 1_000_000 : 20_000
    await seed(workspace.databaseUrl, users, new Date())
    return withScene(workspace, (scene) => backUpAndRestore(conditions, scene, users))
  },
}

async function backUpAndRestore(
  conditions: Conditions,
  scene: Scene,
  users: number,
): Promise<Row[]> {
  const { workspace, victim, caller, ledger, traffic } = scene
  const file = join(createFolder(conditions), 'backup.db')
  const read = await prepareRead(scene)
  traffic.start([caller])
  await until(() => ledger.acknowledged > 200, 20_000)
  const before = await measurePaced([read], 100, 3)

  const known = ledger.people.filter(({ isRegistered }) => isRegistered)
  const startedAt = performance.now()
  const backUp = runCommand(workspace, ['backup', file]).then(() => performance.now() - startedAt)
  const [during, tookMs] = await Promise.all([measurePaced([read], 100, 3), backUp])
  await sleep(500)
  await traffic.stop()
  await victim.end('SIGTERM')
  const copied = { file, tookMs, wrong: await compareCopy(file, known, ledger) }
  return [
    ...reportBackup(copied, before, during),
    ...(await restore(conditions, scene, file, { known, users })),
  ]
}

/** The copy is one state: all that was acknowledged before it, whole, and no secret as it is. */
async function compareCopy(
  file: string,
  known: readonly Person[],
  ledger: Ledger,
): Promise<string[]> {
  const found = await withRows(`file:${file}`, async (rows) => {
    const users = await rows.read<{ username: string }>('SELECT username FROM users')
    const names = new Set(users.map(({ username }) => username))
    const missing = known.filter(({ username }) => !names.has(username))
    return [
      ...(await findDamage(rows)),
      ...missing.map(({ username }) => `the account ${username} is missing`),
    ]
  })
  const bytes = readFileSync(file)
  const clear = ledger.people.flatMap(secretsOf).filter((secret) => bytes.includes(secret))
  return [...found, ...clear.map(() => 'a secret that is not hashed or sealed')]
}

function secretsOf({ password, formerPasswords, sessions }: Person): string[] {
  const tokens = sessions.flatMap(({ access, refresh, spent }) => [access, refresh, ...spent])
  return [password, ...formerPasswords, ...tokens]
}

interface Copied {
  readonly file: string
  readonly tookMs: number
  readonly wrong: readonly string[]
}

function reportBackup({ file, tookMs, wrong }: Copied, before: Figures, during: Figures): Row[] {
  const row = rowsOf('F12', 'SQLite')
  const megabytes = statSync(file).size / 1e6
  const more = during.p99Ms - before.p99Ms
  return [
    row(
      'the copy holds what was acknowledged before, whole, and no secret',
      'nothing is wrong with it',
      `${wrong.length} wrong${firstOf(wrong)}`,
      wrong.length === 0,
    ),
    row(
      'the backup',
      'within 10 s for 100 MB',
      `${inSeconds(tookMs)} for ${megabytes.toFixed(0)} MB`,
      tookMs < 10_000 * Math.max(1, megabytes / 100),
    ),
    row(
      'reads meanwhile',
      'p99 20 ms more at most',
      `${during.p99Ms.toFixed(0)} ms instead of ${before.p99Ms.toFixed(0)} ms, ${during.failed} failed`,
      more < 20 && during.failed === 0,
    ),
  ]
}

interface Drill {
  readonly known: readonly Person[]
  readonly users: number
}

/** On an empty machine, by the documented commands. */
async function restore(
  conditions: Conditions,
  { workspace }: Scene,
  file: string,
  { known, users }: Drill,
): Promise<Row[]> {
  const databaseUrl = `file:${join(createFolder(conditions), 'rollcall.db')}`
  const restored = { ...workspace, databaseUrl }
  const startedAt = performance.now()
  await runCommand(restored, ['restore', file])
  const { refused, accepted, tookMs } = await withScene(restored, async ({ victim }) => {
    const tookMs = performance.now() - startedAt
    return { tookMs, ...(await tryRestored(victim.url, known)) }
  })
  const row = rowsOf('F13', 'SQLite')
  return [
    row(
      'everybody of before the backup signs in',
      'always',
      refused.length === 0 ? 'always' : `not always${firstOf(refused)}`,
      refused.length === 0,
    ),
    row(
      'sessions of before the restore are accepted',
      '0',
      `${accepted.length}${firstOf(accepted)}`,
      accepted.length === 0,
    ),
    row(
      'restored and serving',
      'within 10 min for 1,000,000 accounts',
      `${inSeconds(tookMs)} for ${users}`,
      tookMs < 600_000,
    ),
  ]
}

/** Some sign in; no token of any session works. */
async function tryRestored(url: string, known: readonly Person[]) {
  const caller = createCaller(url)
  const refused: string[] = []
  const accepted: string[] = []
  // Whoever has changed the password since has another one in the backup.
  const unchanged = known.filter(({ formerPasswords }) => formerPasswords.length === 0)
  for (const { username, password } of unchanged.slice(-20)) {
    const body = { username, password }
    const { status } = await caller.call({ method: 'POST', path: '/api/token/', body })
    if (status !== 200) refused.push(`${username}: ${status}`)
  }
  for (const { username, sessions } of known) {
    for (const { refresh: token } of sessions) {
      const { status } = await caller.call({
        ...{ method: 'POST', path: '/api/token/verify/' },
        body: { token },
      })
      if (status !== 401) accepted.push(`${username}: ${status}`)
    }
  }
  caller.close()
  return { refused, accepted }
}
