import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { atExit } from '../at-exit.ts'
import { type Conditions, type Fault, inSeconds, NotHereError, type Row, rowsOf } from './fault.ts'
import { ledgerRows, type Scene, until, withScene } from './scene.ts'
import { createWorkspace } from './workspaces.ts'

/** Room that the server has before the disk is full. */
const roomBytes = 1_500_000

export const fullDisk: Fault = {
  id: 'F3',
  name: 'the disk is full, and freed',
  run: (conditions) =>
    withSmallDisk(conditions, async (folder) => {
      const workspace = await createWorkspace({ ...conditions, folder }, 'SQLite')
      return withScene(workspace, (scene) => fillAndFree(scene, folder))
    }),
}

/** A file system of eight megabytes, which only root can mount. */
async function withSmallDisk<T>(
  { folder }: Conditions,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk])
  if (mounted.status !== 0) throw new NotHereError('only root can mount a small disk')
  // Whoever still ends there does not keep it.
  const unmount = atExit(() => spawnSync('umount', ['--lazy', disk]))
  try {
    return await work(disk)
  } finally {
    unmount()
  }
}

async function fillAndFree(scene: Scene, folder: string): Promise<Row[]> {
  const { caller, ledger, traffic, prove } = scene
  const filler = join(folder, 'filler')
  traffic.start([caller])
  await until(() => ledger.acknowledged > 100, 20_000)
  const { bavail, bsize } = statfsSync(folder)
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - roomBytes)))
  const isFull = await until(() => (ledger.statuses.get(503) ?? 0) > 20, 30_000)
  const meanwhile = await callMeanwhile(scene)

  const before = ledger.acknowledged
  const freedAt = performance.now()
  rmSync(filler)
  await until(() => ledger.acknowledged > before + 5, 10_000)
  const recoveredMs = performance.now() - freedAt
  await traffic.stop()

  const row = rowsOf('F3', 'SQLite')
  const { tried, reads, signIns } = meanwhile
  return [
    ...ledgerRows(row, ledger, await prove()),
    row(
      'writes refused while it is full',
      'with 503 and Retry-After',
      `${ledger.statuses.get(503) ?? 0}`,
      isFull,
    ),
    row('reads answered while it is full', 'all', `${reads} of ${tried}`, reads === tried),
    row(
      'sign-ins of known accounts while it is full',
      'all',
      `${signIns} of ${tried}`,
      signIns === tried,
      'a sign-in writes its session and its audit event, and there is no room for them',
    ),
    row('writes again', 'within 5 s', inSeconds(recoveredMs), recoveredMs < 5_000),
  ]
}

async function callMeanwhile({ caller, ledger }: Scene) {
  const people = ledger.people.filter((person) => person.isRegistered && !person.unsurePassword)
  const tokens = ledger.people.flatMap(({ sessions }) =>
    sessions.filter(({ state }) => state !== 'ended').map(({ access }) => access),
  )
  const tried = 20
  let reads = 0
  let signIns = 0
  for (let turn = 0; turn < tried; turn += 1) {
    const token = tokens.at(-1 - (turn % tokens.length))
    const read = await caller.call({ method: 'GET', path: '/api/users/me/', token })
    if (read.status === 200) reads += 1
    const { username = '', password = '' } = people[turn % people.length] ?? {}
    const body = { username, password }
    const signedIn = await caller.call({ method: 'POST', path: '/api/token/', body })
    if (signedIn.status === 200) signIns += 1
  }
  return { tried, reads, signIns }
}
