import { availableParallelism } from 'node:os'
import { readCpuMicroseconds, readProcessCpuMicroseconds, readResidentBytes } from '../cpu.ts'
import type { RunningProcess } from '../processes.ts'
import type { FigureTable } from '../publish.ts'
import { median } from '../statistics.ts'
import { formatTable } from '../table.ts'
import { measureHashes } from './ceilings.ts'
import { type Figures, type Load, measureLoad, medianOf } from './load.ts'
import { measureMeanwhile } from './meanwhile.ts'
import { type Aim, type Scenario, scenarios } from './scenarios.ts'
import { type Stage, withStage } from './stage.ts'
import { measureStarts, type Starts } from './starts.ts'

export interface SpeedOptions {
  readonly database?: string
  readonly seconds: number
  readonly rounds: number
  readonly only?: string
}

/** A line of the table. */
export interface Row extends Figures {
  readonly name: string
  readonly ceilingPerSecond?: number
  readonly ceilingCpuMicroseconds?: number | undefined
  readonly aim?: Aim
}

/** Measures every scenario next to its ceiling, in turns, so that noise meets both. */
export function measureSpeed(options: SpeedOptions) {
  return withStage(options.database, async (stage) => {
    const rows: Row[] = []
    for (const scenario of scenarios) {
      if (isWanted(scenario.name, options)) {
        rows.push(await measureScenario(stage, scenario, options))
      }
    }
    if (isWanted('meanwhile', options)) rows.push(...(await measureMeanwhile(stage, options)))
    const busyBytes = readResidentBytes(stage.server.pid)
    const costs = { ...(await measureStarts(stage.workspace)), busyBytes }
    process.stdout.write(`${describe(options)}\n\n${toTable(rows)}\n\n${toText(costs)}\n`)
    const isValid = rows.every(({ failed }) => failed === 0)
    const tables = [toFigures(options, rows), startsTable(options, costs)]
    return { cores: availableParallelism(), ...options, rows, costs, tables, isValid }
  })
}

function isWanted(name: string, { only }: SpeedOptions): boolean {
  return only === undefined || name.includes(only)
}

async function measureScenario(
  stage: Stage,
  scenario: Scenario,
  { rounds, seconds }: SpeedOptions,
): Promise<Row> {
  const { server, ceiling } = stage
  const measure = async (target: RunningProcess, duration: number) =>
    measureProcess(target, await scenario.prepare(stage, target.url), duration)
  const measured: Figures[] = []
  const ceilings: Figures[] = []
  const hashes: number[] = []
  await measure(server, warmUpSeconds)
  if (scenario.ceiling === 'reads') await measure(ceiling, warmUpSeconds)
  for (let round = 0; round < rounds; round += 1) {
    measured.push(await measure(server, seconds))
    if (scenario.ceiling === 'reads') ceilings.push(await measure(ceiling, seconds))
    if (scenario.ceiling === 'hashes') hashes.push(await measureHashes(seconds))
  }
  const { name, aim } = scenario
  const row = { name, ...medianOf(measured), ...(aim && { aim }) }
  if (hashes.length > 0) return { ...row, ceilingPerSecond: median(hashes) }
  if (ceilings.length === 0) return row
  const { perSecond, cpuMicroseconds } = medianOf(ceilings)
  return { ...row, ceilingPerSecond: perSecond, ceilingCpuMicroseconds: cpuMicroseconds }
}

/** Long enough for the compiler of JavaScript to have seen everything often. */
const warmUpSeconds = 4

async function measureProcess({ pid }: RunningProcess, load: Load, seconds: number) {
  const before = [readCpuMicroseconds(pid), readProcessCpuMicroseconds(pid)] as const
  const figures = await measureLoad(load, seconds)
  const after = [readCpuMicroseconds(pid), readProcessCpuMicroseconds(pid)] as const
  const perRequest = (index: 0 | 1) => {
    const [start, end] = [before[index], after[index]]
    if (start === undefined || end === undefined) return undefined
    return (end - start) / (figures.perSecond * seconds)
  }
  return { ...figures, cpuMicroseconds: perRequest(0), processCpuMicroseconds: perRequest(1) }
}

function describe({ database, seconds, rounds }: SpeedOptions): string {
  const where = database ? 'PostgreSQL' : 'SQLite'
  return `One server process on ${where}; ${availableParallelism()} cores, which the load generator shares; medians of ${rounds} rounds of ${seconds} s each. CPU is the event loop's, all CPU that of every thread, in microseconds per request.`
}

function toTable(rows: readonly Row[]): string {
  const header = ['', 'per second', 'rounds', 'ceiling', 'ratio', 'aim', 'p50 ms', 'p99 ms']
  return formatTable(
    [...header, 'CPU', 'ceiling', 'ratio', 'all CPU', 'failed'],
    rows.map((row) => [
      row.name,
      ...usualCells(row),
      whole(row.cpuMicroseconds),
      whole(row.ceilingCpuMicroseconds),
      percent(row.ceilingCpuMicroseconds, row.cpuMicroseconds),
      whole(row.processCpuMicroseconds),
      row.failed === 0 ? '' : String(row.failed),
    ]),
  )
}

function usualCells(row: Row): string[] {
  const { perSecond, spread, ceilingPerSecond, aim, p50Ms, p99Ms } = row
  return [
    whole(perSecond),
    spread ? spread.map(whole).join(' to ') : '',
    whole(ceilingPerSecond),
    percent(perSecond, ceilingPerSecond),
    `${describeAim(aim)}${isMissed(row) ? ' (missed)' : ''}`,
    p50Ms.toFixed(2),
    p99Ms.toFixed(2),
  ]
}

function describeAim({ share, perSecond, p99Ms }: Aim = {}): string {
  if (share !== undefined) return percent(share, 1)
  if (perSecond !== undefined) return whole(perSecond)
  return p99Ms === undefined ? '' : `p99 ${p99Ms} ms`
}

function isMissed({ aim = {}, perSecond, ceilingPerSecond = Number.NaN, p99Ms }: Row): boolean {
  if (aim.share !== undefined) return perSecond / ceilingPerSecond < aim.share
  if (aim.perSecond !== undefined) return perSecond < aim.perSecond
  return aim.p99Ms !== undefined && p99Ms > aim.p99Ms
}

function toFigures(options: SpeedOptions, rows: readonly Row[]): FigureTable {
  const place = options.database ? 'PostgreSQL' : 'SQLite'
  const reasons = rows.flatMap((row) =>
    isMissed(row) && row.aim?.missedSince
      ? [`What is missed, ${row.name.trim()}: ${row.aim.missedSince}.`]
      : [],
  )
  return {
    id: `speed-${place}`,
    title: `One process, ${place}`,
    notes: [describe(options), ...(options.database ? [besides] : []), ...reasons],
    heads: [
      ...['What', 'A second', 'Rounds', 'Ceiling', 'Share', 'Aim', 'p50 ms', 'p99 ms'],
      'Microseconds of the event loop',
    ],
    rows: rows.map((row) => [row.name.trim(), ...usualCells(row), whole(row.cpuMicroseconds)]),
  }
}

const besides =
  'PostgreSQL works on the same cores and is asked through a socket, while the ceilings of reads take a file within the process.'

function startsTable({ database }: SpeedOptions, costs: Costs): FigureTable {
  const place = database ? 'PostgreSQL' : 'SQLite'
  const { startMs, startsMs, idleBytes = 0, busyBytes } = costs
  const isLate = startMs > aims.startMs
  const isLarge = idleBytes > aims.idleBytes
  const mark = (isMissed: boolean) => (isMissed ? ' (missed)' : '')
  return {
    id: `starts-${place}`,
    title: `Start and memory of one process, ${place}`,
    notes: isLate || isLarge ? [`What is missed: ${startsSince}.`] : [],
    heads: ['What', 'Measured', 'Spread', 'Aim'],
    rows: [
      [
        'From the spawn to the first 200',
        `${whole(startMs)} ms`,
        `${startsMs.length} starts, ${spreadOf(startsMs)} ms`,
        `${aims.startMs} ms${mark(isLate)}`,
      ],
      [
        'Memory, idle',
        inMegabytes(idleBytes),
        '',
        `${inMegabytes(aims.idleBytes)}${mark(isLarge)}`,
      ],
      ['Memory after all this load', inMegabytes(busyBytes), '', ''],
    ],
  }
}

const aims = { startMs: 500, idleBytes: 120e6 } as const

const startsSince =
  'of a start a third is Node itself and what it compiles, a third the modules of the libraries, the rest building the routes; half of the memory is what Node and its libraries take before the first line of ours'

function spreadOf(values: readonly number[]): string {
  return `${whole(Math.min(...values))} to ${whole(Math.max(...values))}`
}

interface Costs extends Starts {
  /** After all this load. */
  readonly busyBytes: number | undefined
}

function toText({ startMs, startsMs, idleBytes, busyBytes }: Costs): string {
  return [
    `Start-up, from the spawn to the first 200: ${whole(startMs)} ms, median of ${startsMs.length} (${spreadOf(startsMs)}); aim ${aims.startMs} ms.`,
    `Memory, resident: ${inMegabytes(idleBytes)} idle, aim ${inMegabytes(aims.idleBytes)}; ${inMegabytes(busyBytes)} under load.`,
  ].join('\n')
}

function inMegabytes(bytes: number | undefined): string {
  return bytes === undefined ? 'unknown' : `${(bytes / 1e6).toFixed(0)} MB`
}

function whole(value: number | undefined): string {
  return value?.toFixed(0) ?? ''
}

function percent(part: number | undefined, whole: number | undefined): string {
  if (part === undefined || whole === undefined) return ''
  return `${((part / whole) * 100).toFixed(0)} %`
}
