import { join } from 'node:path'
import { createPostgresDatabase, createSqliteDatabase } from '../database.ts'
import { NotHereError } from '../faults/fault.ts'
import { withConditions } from '../faults/faults.ts'
import { secret } from '../faults/workspaces.ts'
import { runCommand } from '../processes.ts'
import { createVictim } from '../victim.ts'
import { actorSettings, createKeeper, type Keeper } from './actors.ts'
import { type Operation, readDocument } from './document.ts'
import { createLane, type Finding, type Judged } from './lane.ts'
import { probeOptions, readHeap } from './probe.ts'

export interface FuzzOptions {
  readonly database?: string
  readonly requests: number
  readonly seed: number
}

/** Each sends one request after the other, by random numbers of its own. */
const lanes = 4

/** Caches are full after this share of the requests; what grows then grows for ever. */
const warmUp = 0.3

/** A heap varies by as much from one collection to the next. */
const toleratedGrowthBytes = 16 * 1_024 * 1_024

const mostPrinted = 20
const longestLine = 800

/** Sends made up requests to every operation, on both databases, and looks at every answer. */
export async function fuzz(options: FuzzOptions) {
  const results = await withConditions(false, async (conditions) => {
    const sqlite = await createSqliteDatabase()
    const onSqlite = await fuzzOn('SQLite', sqlite.url, conditions.folder, options)
    await sqlite.drop()
    const server = options.database ?? (await conditions.cluster().catch(whyNot))?.url
    if (!server) return [onSqlite]
    const postgres = await createPostgresDatabase(server)
    const onPostgres = await fuzzOn('PostgreSQL', postgres.url, conditions.folder, options)
    await postgres.drop()
    return [onSqlite, onPostgres]
  })
  const rows = results.map(({ place, seconds, operations, statuses, findings, growthBytes }) => [
    place,
    `${Object.values(statuses).reduce((total, count) => total + count, 0)} in ${seconds.toFixed(0)} s`,
    String(operations),
    findings.length === 0 ? '0' : `${findings.length} (missed)`,
    `${(growthBytes / 2 ** 20).toFixed(1)} MiB`,
  ])
  const table = {
    id: 'fuzz',
    title: 'Made up input to every operation',
    notes: [
      'Valid, nearly valid and hostile requests in equal parts, as nobody, a user and a superuser. An answer that is 5xx, is not as its schema says, or takes longer than 2 s is a finding.',
    ],
    heads: ['Database', 'Requests', 'Operations', 'Findings', 'Growth of the heap'],
    rows,
  }
  return { ...options, results, tables: [table], isValid: results.every(({ isValid }) => isValid) }
}

function whyNot(error: unknown): undefined {
  if (!(error instanceof NotHereError)) throw error
  process.stdout.write(`PostgreSQL was not tried: ${error.message}.\n`)
}

async function fuzzOn(place: string, databaseUrl: string, folder: string, options: FuzzOptions) {
  const heapFile = join(folder, 'heap')
  const settings = {
    ...actorSettings,
    ROLLCALL_REAUTHENTICATION_SECONDS: '3600',
    ROLLCALL_SESSIONS_PER_USER: '1000',
    ROLLCALL_TEST_HEAP_FILE: heapFile,
  }
  const workspace = { databaseUrl, secret, settings, node: probeOptions }
  await runCommand({ databaseUrl, secret }, ['migrate'])
  const victim = await createVictim(workspace)
  try {
    await victim.start()
    const operations = await readDocument(victim.url)
    const startedAt = performance.now()
    const found: Found = { findings: [], statuses: new Map(), succeeded: new Set() }
    const heap = () => readHeap(victim.pid, heapFile)
    const keeper = createKeeper(victim.url, { databaseUrl, secret })
    const run = await createRun(victim.url, keeper, operations, options, found)
    await run(Math.round(options.requests * warmUp))
    const heapBefore = await heap()
    await run(options.requests)
    const growth = (await heap()) - heapBefore
    const seconds = (performance.now() - startedAt) / 1_000
    report(place, { ...found, operations, growth, seconds }, options)
    return {
      place,
      findings: found.findings,
      statuses: Object.fromEntries(found.statuses),
      growthBytes: growth,
      operations: operations.length,
      seconds,
      isValid: found.findings.length === 0 && growth < toleratedGrowthBytes,
    }
  } finally {
    await victim.end('SIGTERM')
  }
}

interface Found {
  readonly findings: Finding[]
  readonly statuses: Map<number, number>
  /** Operations that have done what they are for at least once. */
  readonly succeeded: Set<string>
}

/** Answers how to go on until so many requests are sent in all. */
async function createRun(
  url: string,
  keeper: Keeper,
  operations: readonly Operation[],
  { seed }: FuzzOptions,
  { findings, statuses, succeeded }: Found,
) {
  const ready = await Promise.all(
    Array.from({ length: lanes }, (_lane, lane) =>
      createLane({ url, keeper, operations, seed, lane, onAnswer }),
    ),
  )

  function onAnswer({ operation, answer, finding }: Judged) {
    const { status } = answer
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (status !== 0 && status < 300) succeeded.add(operation.id)
    if (finding) findings.push(finding)
  }

  return async (upTo: number) => {
    await Promise.all(ready.map((lane) => lane.sendUpTo(Math.ceil(upTo / lanes))))
  }
}

interface Course extends Found {
  readonly operations: readonly Operation[]
  readonly growth: number
  readonly seconds: number
}

function report(place: string, course: Course, { requests, seed }: FuzzOptions) {
  const { operations, findings, statuses, succeeded, growth, seconds } = course
  const counts = [...statuses].toSorted(([left], [right]) => left - right)
  const megabytes = (growth / 1_024 / 1_024).toFixed(1)
  const never = operations.filter(({ id }) => !succeeded.has(id)).map(({ id }) => id)
  const lines = [
    `${place}: ${requests} requests to ${operations.length} operations in ${seconds.toFixed(0)} s, seed ${seed}`,
    `  answers: ${counts.map(([status, count]) => `${status} ${count} times`).join(', ')}`,
    `  operations that never succeeded: ${never.join(', ') || 'none'}`,
    `  the heap has grown by ${megabytes} MB since the first ${warmUp * 100} %`,
    `  ${findings.length} answers are not as declared`,
    ...findings
      .slice(0, mostPrinted)
      .flatMap((finding) => [
        `  ${finding.operation}, ${finding.kind}, as ${finding.actor}: ${finding.problem}`,
        `    ${finding.curl}`,
      ]),
  ]
  const cut = (line: string) =>
    line.length > longestLine ? `${line.slice(0, longestLine)} ... (whole with --json)` : line
  process.stdout.write(`${lines.map(cut).join('\n')}\n`)
}
