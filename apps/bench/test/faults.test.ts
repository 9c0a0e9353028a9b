import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { startDamaged } from '../src/faults/corrupted.ts'
import type { Conditions, Row } from '../src/faults/fault.ts'
import { killAgain } from '../src/faults/killed.ts'
import { withScene } from '../src/faults/scene.ts'
import { stopUnderLoad } from '../src/faults/stopped.ts'
import { createWorkspace, fileOf } from '../src/faults/workspaces.ts'

const folder = mkdtempSync(join(tmpdir(), 'rollcall-faults-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

const conditions: Conditions = {
  folder,
  isLong: false,
  cluster: () => Promise.reject(new Error('Only SQLite is tried here')),
}

/** How long something took says more of the machine than of the server. */
const missed = (rows: readonly Row[]) =>
  rows.filter(({ passed, demand }) => !passed && !demand.startsWith('within'))

t.test('F1: nothing acknowledged is lost when the server is killed', async (t) => {
  const limits = { kills: 2, acknowledged: 20, seconds: 4 }
  t.same(missed(await killAgain(conditions, 'SQLite', limits)), [])
})

t.test('F8: what a server that is told to stop has not answered it has not done', async (t) => {
  const workspace = await createWorkspace(conditions, 'SQLite')
  t.same(missed(await withScene(workspace, (scene) => stopUnderLoad(scene, 'SQLite', 1))), [])
})

t.test('F20: a database that is cut off is refused in one line, and left as it is', async (t) => {
  const workspace = await createWorkspace(conditions, 'SQLite')
  const cut = (path: string) => truncateSync(path, 8_192)
  t.match(await startDamaged(workspace, 'cut off', cut), { passed: true })
})

t.test('a server that forgets, undoes or damages something is found out', async (t) => {
  const workspace = await createWorkspace(conditions, 'SQLite')
  await withScene(workspace, async ({ caller, ledger, prove }) => {
    const [alice, bob, carol] = [
      await ledger.register(caller),
      await ledger.register(caller),
      await ledger.register(caller),
    ]
    const session = await ledger.signIn(caller, bob)
    if (!session) throw new Error('Nobody can sign in')
    await ledger.rotate(caller, session)
    t.match(await prove(), { lost: [], damaged: [] }, 'as long as nothing is wrong')

    const database = new Database(fileOf(workspace))
    t.teardown(() => database.close())
    database.prepare('DELETE FROM users WHERE username = ?').run(alice.username)
    database.exec('UPDATE sessions SET generation = generation - 1')
    const hash = database.prepare('SELECT password_hash FROM users WHERE username = ?').pluck()
    database
      .prepare('UPDATE users SET password_hash = ? WHERE username = ?')
      .run(hash.get(bob.username), carol.username)
    const { lost, damaged } = await prove()
    for (const what of [
      `the account ${alice.username} is gone`,
      new RegExp(`a session of ${bob.username}`),
      new RegExp(`a spent refresh token of ${bob.username}`),
      new RegExp(`${carol.username}, the password in force`),
    ]) {
      t.ok(
        lost.some((line) => line.match(what)),
        `${what}`,
      )
    }
    t.match(damaged, [/events of accounts that are not there/])
  })
})
