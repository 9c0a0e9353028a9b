import { availableParallelism } from 'node:os'
import { readGroupCpuMicroseconds } from '../cpu.ts'
import { type RunningProcess, startServer } from '../processes.ts'
import type { FigureTable } from '../publish.ts'
import { type Figures, type Load, measureLoad, medianOf } from '../speed/load.ts'
import { type Scenario, scenarios } from '../speed/scenarios.ts'
import { type Stage, withStage } from '../speed/stage.ts'
import { formatTable } from '../table.ts'

export interface WorkersOptions {
  readonly database?: string
  readonly seconds: number
  readonly rounds: number
}

/** One, and doubled up to the cores, of which there are two at least. */
const counts = [1, 2, 4, 8, 16].filter((count) => count <= Math.max(2, availableParallelism()))

/** So much more a request may cost with more workers: then n cores do nearly n times as much. */
const mostTimes = 1.15

interface Row {
  readonly name: string
  readonly workers: number
  readonly figures: Figures
  /** What a request costs, next to what it costs one process; not a number where none can tell. */
  readonly times: number
}

/**
 * What a request costs in processor time, whoever answers it: while that does not rise with the
 * workers, as many cores do as many times as much, even where the clients leave too few of them to
 * show it.
 */
export function measureWorkers(options: WorkersOptions) {
  return withStage(options.database, async (stage) => {
    const servers = new Map<number, RunningProcess>()
    try {
      for (const count of counts) servers.set(count, await startServer(workspaceOf(stage, count)))
      const rows: Row[] = []
      for (const scenario of scenarios.filter(({ name }) => measured.includes(name))) {
        rows.push(...(await measureScenario(stage, scenario, servers, options)))
      }
      process.stdout.write(`${describe(options)}\n\n${formatTable(heads, rows.map(cellsOf))}\n`)
      const isValid = rows.every(({ figures }) => figures.failed === 0)
      return { ...options, rows, tables: [toTable(options, rows)], isValid }
    } finally {
      for (const server of servers.values()) await server.stop()
    }
  })
}

const measured = ['read own account', 'list 50 accounts', 'sign in']

/** All accept the same tokens: those of the first server. */
function workspaceOf({ workspace, server }: Stage, workers: number) {
  const settings = { ROLLCALL_PUBLIC_URL: server.url, ROLLCALL_WORKERS: String(workers) }
  return { ...workspace, settings }
}

/** In turns, so that noise meets all. */
async function measureScenario(
  stage: Stage,
  scenario: Scenario,
  servers: ReadonlyMap<number, RunningProcess>,
  { rounds, seconds }: WorkersOptions,
): Promise<Row[]> {
  const measured = new Map<number, Figures[]>()
  for (let round = 0; round <= rounds; round += 1) {
    for (const [workers, server] of servers) {
      const load = await scenario.prepare(stage, server.url)
      const figures = await measureProcesses(server, { ...load, connections }, seconds)
      // The first round warms up.
      if (round > 0) measured.set(workers, [...(measured.get(workers) ?? []), figures])
    }
  }
  const medians = [...measured].map(([workers, all]) => ({ workers, figures: medianOf(all) }))
  const alone = medians[0]?.figures.processCpuMicroseconds ?? Number.NaN
  return medians.map(({ workers, figures }) => {
    const times = (figures.processCpuMicroseconds ?? Number.NaN) / alone
    return { name: scenario.name, workers, figures, times }
  })
}

/** Enough that every worker is given some. */
const connections = 32

async function measureProcesses({ pid }: RunningProcess, load: Load, seconds: number) {
  const before = readGroupCpuMicroseconds(pid)
  const figures = await measureLoad(load, seconds)
  const after = readGroupCpuMicroseconds(pid)
  if (before === undefined || after === undefined) return figures
  return { ...figures, processCpuMicroseconds: (after - before) / (figures.perSecond * seconds) }
}

const heads = [
  ...['What', 'Workers', 'A second', 'Rounds', 'p99 ms'],
  ...['Microseconds of all cores a request', 'times', 'Aim'],
]

function cellsOf({ name, workers, figures, times }: Row): string[] {
  const { perSecond, spread, p99Ms, processCpuMicroseconds } = figures
  const isMissed = times > mostTimes
  return [
    name,
    String(workers),
    perSecond.toFixed(0),
    spread?.map((rate) => rate.toFixed(0)).join(' to ') ?? '',
    p99Ms.toFixed(2),
    processCpuMicroseconds?.toFixed(0) ?? '',
    Number.isNaN(times) ? '' : times.toFixed(2),
    workers === 1 ? '' : `${mostTimes}${isMissed ? ' (missed)' : ''}`,
  ]
}

function describe({ database, seconds, rounds }: WorkersOptions): string {
  const place = database ? 'PostgreSQL' : 'SQLite'
  return `Workers on ${place}; ${availableParallelism()} cores, which the clients share; medians of ${rounds} rounds of ${seconds} s each, in turns.`
}

function toTable(options: WorkersOptions, rows: readonly Row[]): FigureTable {
  const place = options.database ? 'PostgreSQL' : 'SQLite'
  const isMissed = rows.some(({ times }) => times > mostTimes)
  return {
    id: `workers-${place}`,
    title: `Several processes, ${place}`,
    notes: [
      describe(options),
      'While a request costs no more with more workers, as many cores answer as many times as much. The clients run on the same cores, and one process hashes on all of them already.',
      ...(isMissed ? [`What is missed: ${cachesAreShared}.`] : []),
    ],
    heads,
    rows: rows.map(cellsOf),
  }
}

const cachesAreShared =
  'processes that take turns on a core fill its caches anew each time, as do the clients beside them'
