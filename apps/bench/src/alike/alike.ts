import { createPostgresDatabase, createSqliteDatabase } from '../database.ts'
import { type RunningProcess, runCommand, startServer } from '../processes.ts'
import { seed, seededPassword } from '../seed/seed.ts'
import { areaUnderCurve, median } from '../statistics.ts'
import { formatTable } from '../table.ts'
import { type Comparison, comparisons, type Guess } from './comparisons.ts'

export interface AlikeOptions {
  readonly database?: string
  readonly pairs: number
}

/** How often the one kind takes longer than the other: 0.5 when nobody can tell them apart. */
interface Row {
  readonly name: string
  readonly area: number
  readonly medianMs: readonly [number, number]
  readonly differentBodies: number
}

/** Nobody gains by guessing when the area under the ROC curve is within these. */
const indistinguishable = { from: 0.45, to: 0.55 }

/**
 * Tells whether somebody outside could tell names that exist from those that do not, by text or
 * by time (ASVS 6.3.8): pairs of guesses, interleaved, one after the other, each from an address
 * and for a name of its own.
 */
export async function measureAlike({ database, pairs }: AlikeOptions) {
  const place = database ? await createPostgresDatabase(database) : await createSqliteDatabase()
  const settings = { ROLLCALL_LIMITS: 'on', ROLLCALL_TRUSTED_PROXIES: '127.0.0.1' }
  const workspace = {
    databaseUrl: place.url,
    secret: 'a secret that only benchmarks use',
    settings,
  }
  try {
    await runCommand(workspace, ['migrate'])
    await seed(place.url, pairs * 4, new Date())
    await runCommand(workspace, createOperator, `${seededPassword}\n`)
    const server = await startServer(workspace)
    try {
      return report(await measureAll(server, pairs), pairs, database ? 'PostgreSQL' : 'SQLite')
    } finally {
      await server.stop()
    }
  } finally {
    await place.drop()
  }
}

const createOperator = [
  ...['create-superuser', '--username', 'operator', '--email', 'operator@operations.example'],
  '--password-stdin',
]

async function measureAll(server: RunningProcess, pairs: number): Promise<Row[]> {
  const rows: Row[] = []
  for (const comparison of await comparisons(server.url, pairs)) {
    rows.push(await measureComparison(server, comparison))
  }
  return rows
}

async function measureComparison(
  { url }: RunningProcess,
  { name, pairs }: Comparison,
): Promise<Row> {
  const times: [number[], number[]] = [[], []]
  let differentBodies = 0
  for (const [index, pair] of pairs.entries()) {
    const bodies: string[] = []
    // Whichever comes first may be slower: they take turns.
    for (const side of index % 2 ? ([0, 1] as const) : ([1, 0] as const)) {
      const { ms, body } = await time(url, pair[side])
      times[side].push(ms)
      bodies.push(body)
    }
    if (bodies[0] !== bodies[1]) differentBodies += 1
  }
  const medianMs = [median(times[0]), median(times[1])] as const
  return { name, area: areaUnderCurve(times[0], times[1]), medianMs, differentBodies }
}

async function time(url: string, { username, password, address }: Guess) {
  const startedAt = performance.now()
  const response = await fetch(`${url}/api/token/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ username, password }),
  })
  const text = await response.text()
  const ms = performance.now() - startedAt
  if (response.status < 400) throw new Error('A guess was let in')
  // Each answer has an id of its own, and each wait runs out.
  const body = text.replace(/"request_id":"[^"]*"/, '').replace(/\d+ s\b/, 'some s')
  return { ms, body: `${response.status} ${body}` }
}

function report(rows: Row[], pairs: number, place: string) {
  const isAlike = ({ area, differentBodies }: Row) =>
    area >= indistinguishable.from && area <= indistinguishable.to && differentBodies === 0
  const heads = ['compared', 'area under the curve', 'medians (ms)', 'different answers']
  const cells = rows.map((row) => [
    row.name,
    `${row.area.toFixed(3)}${isAlike(row) ? '' : ' (!)'}`,
    row.medianMs.map((ms) => ms.toFixed(2)).join(' / '),
    `${row.differentBodies}`,
  ])
  const course = `${pairs} interleaved pairs each; 0.5 is chance, ${indistinguishable.from} to ${indistinguishable.to} passes`
  process.stdout.write(`${course}\n\n${formatTable(heads, cells)}\n`)
  const title = `Whether refused sign-ins can be told apart, ${place}`
  const table = { id: `alike-${place}`, title, notes: [`${course}.`], heads, rows: cells }
  return { pairs, rows, tables: [table], isValid: rows.every(isAlike) }
}
