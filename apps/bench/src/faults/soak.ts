import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { actorSettings, createKeeper } from '../fuzz/actors.ts'
import { readDocument } from '../fuzz/document.ts'
import { createLane, type Finding } from '../fuzz/lane.ts'
import { probeOptions, readHeap } from '../fuzz/probe.ts'
import { median } from '../statistics.ts'
import { type Fault, type Row, rowsOf } from './fault.ts'
import { withRows } from './rows.ts'
import { firstOf, ledgerRows, type Scene, sleep, withScene } from './scene.ts'
import { createWorkspace, fileOf } from './workspaces.ts'

const shortRun = { seconds: 45, everySeconds: 3, growthBytes: 16e6 }

/** A megabyte an hour. */
const longRun = { seconds: 1_800, everySeconds: 20, growthBytes: 0.5e6 }

/** Sessions that nobody uses end so soon that it is seen whether they are deleted. */
const idleSeconds = 120

/** The server deletes what has expired every ten minutes. */
const prunedAfterSeconds = 660

export const soak: Fault = {
  id: 'F16',
  name: 'use and abuse for long',
  async run(conditions) {
    const heapFile = join(conditions.folder, 'heap')
    const workspace = await createWorkspace(conditions, 'SQLite', {
      ...actorSettings,
      ROLLCALL_TEST_HEAP_FILE: heapFile,
      ROLLCALL_SESSION_IDLE_SECONDS: String(idleSeconds),
    })
    const usual = conditions.isLong ? longRun : shortRun
    const course = { ...usual, seconds: conditions.forSeconds ?? usual.seconds }
    return withScene({ ...workspace, node: probeOptions }, (scene) =>
      useForLong(scene, heapFile, course),
    )
  },
}

/** What a server holds at one moment. */
interface Sample {
  readonly heapBytes: number
  readonly residentBytes: number
  readonly handles: number
  readonly logBytes: number
}

async function useForLong(scene: Scene, heapFile: string, course: typeof longRun): Promise<Row[]> {
  const { workspace, victim, caller, ledger, traffic, prove } = scene
  const findings: Finding[] = []
  let made = 0
  let isOver = false
  const lane = await createLane({
    url: victim.url,
    keeper: createKeeper(victim.url, workspace),
    operations: await readDocument(victim.url),
    seed: 1,
    lane: 0,
    // A superuser would sign out those in the ledger.
    only: ['a plain user', 'nobody', 'a stranger'],
    // The others keep every core busy with hashes.
    slowestMs: 10_000,
    onAnswer({ finding }) {
      made += 1
      if (finding) findings.push(finding)
    },
  })
  traffic.start([caller])
  const abuse = lane.sendWhile(() => !isOver)
  const samples: Sample[] = []
  for (let second = 0; second < course.seconds; second += course.everySeconds) {
    await sleep(course.everySeconds * 1_000)
    samples.push(await takeSample(victim.pid, heapFile, fileOf(workspace)))
  }
  isOver = true
  await abuse
  await traffic.stop()
  ledger.expireUnused(idleSeconds)
  const row = rowsOf('F16', `SQLite for ${course.seconds} s`)
  const overdue = await countOverdue(workspace.databaseUrl)
  return [
    ...ledgerRows(row, ledger, await prove()),
    row(
      'answers to bad input that are not as declared',
      '0',
      `${findings.length} of ${made}${firstOf(findings.map(({ problem }) => problem))}`,
      findings.length === 0 && made > 0,
    ),
    ...reportSamples(row, samples, course),
    row(
      'sessions kept after their end',
      'none for more than 11 minutes',
      `${overdue}`,
      overdue === 0,
    ),
  ]
}

async function takeSample(pid: number, heapFile: string, database: string): Promise<Sample> {
  const heapBytes = await readHeap(pid, heapFile)
  const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
  return {
    heapBytes,
    residentBytes: Number(pages) * 4_096,
    handles: readdirSync(`/proc/${pid}/fd`).length,
    logBytes: statSync(`${database}-wal`).size,
  }
}

/** The second third against the last: the first is for the caches to fill. */
function reportSamples(
  row: ReturnType<typeof rowsOf>,
  samples: readonly Sample[],
  { growthBytes }: typeof longRun,
): Row[] {
  const third = Math.floor(samples.length / 3)
  const [middle, end] = [samples.slice(third, 2 * third), samples.slice(-third)]
  const grown = (member: keyof Sample) =>
    median(end.map((sample) => sample[member])) - median(middle.map((sample) => sample[member]))
  const most = (member: keyof Sample) => Math.max(...samples.map((sample) => sample[member]))
  const heap = grown('heapBytes')
  return [
    row(
      'the heap has grown in a third of the time',
      `${inMegabytes(growthBytes)} at most`,
      `${inMegabytes(heap)}; resident ${inMegabytes(most('residentBytes'))} at most`,
      heap <= growthBytes,
    ),
    row(
      'files and connections that are open',
      'no more than before',
      `${most('handles')} at most, ${grown('handles')} more at the end`,
      grown('handles') <= 2,
    ),
    row(
      'the log of the database',
      '64 MB at most',
      inMegabytes(most('logBytes')),
      most('logBytes') <= 64 * 1_024 * 1_024,
    ),
  ]
}

function countOverdue(databaseUrl: string): Promise<number> {
  const before = new Date(Date.now() - prunedAfterSeconds * 1_000).toISOString()
  return withRows(databaseUrl, async (rows) => {
    const statement = `SELECT count(*) AS n FROM sessions WHERE expires_at < '${before}'`
    const [row] = await rows.read<{ n: number }>(statement)
    return Number(row?.n)
  })
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
