import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { measurePaced } from '../speed/paced.ts'
import { type Conditions, type Fault, hashesFirst, inSeconds, type Row, rowsOf } from './fault.ts'
import { ledgerRows, prepareRead, type Scene, sleep, until, withScene } from './scene.ts'
import { createWorkspace, fileOf } from './workspaces.ts'

/** The server gives a write up when the lock is held for so long. */
const lockTimeoutSeconds = 4.5

const walLimitBytes = 64 * 1_024 * 1_024

export const locked: Fault = {
  id: 'F4',
  name: 'the database is locked',
  async run(conditions) {
    const rows: Row[] = []
    for (const seconds of conditions.isLong ? [1, 6, 60] : [1, 6]) {
      rows.push(...(await onWorkspace(conditions, (scene) => holdLock(scene, seconds))))
    }
    return [...rows, ...(await onWorkspace(conditions, readForLong))]
  },
}

async function onWorkspace(conditions: Conditions, play: (scene: Scene) => Promise<Row[]>) {
  return withScene(await createWorkspace(conditions, 'SQLite'), play)
}

/** This process takes the lock of writers, as a backup or a repair by hand would. */
async function holdLock(scene: Scene, seconds: number): Promise<Row[]> {
  const { workspace, caller, ledger, traffic, prove } = scene
  const other = new Database(fileOf(workspace))
  const read = await prepareRead(scene)
  traffic.start([caller])
  await until(() => ledger.acknowledged > 100, 20_000)
  await until(() => take(other), 5_000)
  const reads = await measurePaced([read], 100, seconds)
  other.exec('COMMIT')
  other.close()
  const before = ledger.acknowledged
  const freedAt = performance.now()
  await until(() => ledger.acknowledged > before + 5, 10_000)
  const recoveredMs = performance.now() - freedAt
  await traffic.stop()

  const row = rowsOf('F4', `locked for ${seconds} s`)
  const refused = ledger.statuses.get(503) ?? 0
  const { slowestMs } = ledger
  const isBeyond = seconds > lockTimeoutSeconds
  return [
    ...ledgerRows(row, ledger, await prove()),
    isBeyond
      ? row('writes refused', 'with 503 and Retry-After', `${refused}`, refused > 0)
      : row('writes refused', '0', `${refused}`, refused === 0),
    row('the slowest write', 'within 6 s', inSeconds(slowestMs), slowestMs < 6_000, hashesFirst),
    row(
      'reads meanwhile',
      'p99 under 50 ms',
      `${reads.p99Ms.toFixed(0)} ms, ${reads.failed} failed`,
      reads.p99Ms < 50 && reads.failed === 0,
    ),
    row('writes again', 'within 1 s', inSeconds(recoveredMs), recoveredMs < 1_000),
  ]
}

function take(other: Database.Database): boolean {
  try {
    other.exec('BEGIN IMMEDIATE')
    return true
  } catch {
    return false
  }
}

/** Who reads keeps the log from being written back, so that it grows. */
async function readForLong({ workspace, caller, ledger, traffic, prove }: Scene): Promise<Row[]> {
  const reader = new Database(fileOf(workspace), { readonly: true })
  const wal = `${fileOf(workspace)}-wal`
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM users').get()
  traffic.start([caller])
  await sleep(8_000)
  const grownBytes = statSync(wal).size
  reader.exec('COMMIT')
  reader.close()
  await sleep(2_000)
  await traffic.stop()
  const row = rowsOf('F4', 'read for long')
  const { size } = statSync(wal)
  return [
    ...ledgerRows(row, ledger, await prove()),
    row(
      'the log afterwards',
      'under 64 MB',
      `${inMegabytes(size)}, ${inMegabytes(grownBytes)} meanwhile`,
      size < walLimitBytes,
    ),
  ]
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1_024 / 1_024).toFixed(1)} MB`
}
