import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atExit } from '../at-exit.ts'
import type { FigureTable } from '../publish.ts'
import { backup } from './backup.ts'
import { clockJumps } from './clock-jumps.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { corrupted } from './corrupted.ts'
import { type Conditions, type Fault, NotHereError, type Row } from './fault.ts'
import { fullDisk } from './full-disk.ts'
import { keyRotation } from './key-rotation.ts'
import { killed } from './killed.ts'
import { locked } from './locked.ts'
import { migration } from './migration.ts'
import { overload } from './overload.ts'
import { postgresRestart } from './postgres-restart.ts'
import { powerCut } from './power-cut.ts'
import { redisGone } from './redis.ts'
import { slowDisk } from './slow-disk.ts'
import { soak } from './soak.ts'
import { stopped } from './stopped.ts'
import { untried } from './untried.ts'
import { crashedWorkers } from './workers.ts'

export interface FaultsOptions {
  readonly only?: string
  readonly long?: boolean
  readonly forSeconds?: number
}

const faults: readonly Fault[] = [
  killed,
  powerCut,
  fullDisk,
  locked,
  clockJumps,
  postgresRestart,
  redisGone,
  stopped,
  crashedWorkers,
  migration,
  backup,
  keyRotation,
  soak,
  slowDisk,
  overload,
  corrupted,
  ...untried,
]

/** Lets one fault after the other happen to real servers, and says what held. */
export async function tryFaults({ only, long = false, forSeconds }: FaultsOptions) {
  const wanted = faults.filter(({ id }) => only === undefined || only.split(',').includes(id))
  process.stdout.write(`${header}\n`)
  const rows = await withConditions(long, async (usual) => {
    const conditions = { ...usual, ...(forSeconds && { forSeconds }) }
    const all: Row[] = []
    for (const fault of wanted) {
      process.stdout.write(`${fault.id} ${fault.name} ...\n`)
      const tried = await tryFault(fault, conditions)
      process.stdout.write(`${tried.map(toLine).join('\n')}\n`)
      all.push(...tried)
    }
    return all
  })
  process.stdout.write(`${summarise(rows)}\n`)
  const ids = new Set(rows.map(({ fault }) => fault))
  const tables = [...ids].map((id) => toTable(id, rows))
  return {
    long,
    rows,
    tables,
    isValid: rows.every(({ passed, reason }) => passed !== false || !!reason),
  }
}

function toTable(id: string, rows: readonly Row[]): FigureTable {
  const own = rows.filter(({ fault }) => fault === id)
  const reasons = own.flatMap(({ passed, reason }) => {
    if (reason === undefined) return []
    return `${passed === undefined ? 'Not run' : 'What is missed'}: ${reason}.`
  })
  const name = faults.find((fault) => fault.id === id)?.name ?? 'a restore drill'
  return {
    id,
    title: `${id}: ${name}`,
    notes: [...new Set(reasons)],
    heads: ['What must hold', 'Measured', 'Demanded', 'Verdict'],
    rows: own.map((row) => [row.name, row.measured, row.demand, verdictOf(row)]),
  }
}

/** Clears everything away whatever happens. */
export async function withConditions<T>(
  isLong: boolean,
  work: (conditions: Conditions) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-faults-'))
  // PostgreSQL runs as another user, below it.
  chmodSync(folder, 0o711)
  const remove = atExit(() => rmSync(folder, { recursive: true, force: true }))
  let cluster: Promise<Cluster> | undefined
  const conditions = {
    folder,
    isLong,
    cluster: () => {
      cluster ??= startCluster(join(folder, 'postgres'))
      return cluster
    },
  }
  try {
    return await work(conditions)
  } finally {
    await (await cluster?.catch(() => undefined))?.stop('immediate')
    remove()
  }
}

async function tryFault(fault: Fault, conditions: Conditions): Promise<Row[]> {
  try {
    return await fault.run(conditions)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const row = { fault: fault.id, name: fault.name, demand: '', measured: '' }
    if (error instanceof NotHereError) return [{ ...row, passed: undefined, reason }]
    return [{ ...row, measured: reason, passed: false }]
  }
}

const widths = { verdict: 7, name: 66, measured: 44 } as const

/** One line of the table; the reason of what does not hold stands below it. */
function toLine(row: Row): string {
  const { name, demand, measured, reason } = row
  const cells = [
    verdictOf(row).padEnd(widths.verdict),
    name.padEnd(widths.name),
    measured.padEnd(widths.measured),
    demand,
  ]
  const line = `  ${cells.join('  ').trimEnd()}`
  return reason === undefined ? line : `${line}\n           because ${reason}`
}

function verdictOf({ passed }: Row): string {
  return passed === undefined ? 'not run' : passed ? 'passed' : 'MISSED'
}

const header = toLine({
  fault: '',
  name: 'what must hold',
  measured: 'measured',
  demand: 'demanded',
  passed: true,
}).replace('passed', '      ')

function summarise(rows: readonly Row[]): string {
  const count = (passed: boolean | undefined) => rows.filter((row) => row.passed === passed).length
  return `${count(true)} hold, ${count(false)} do not, ${count(undefined)} were not tried.`
}
