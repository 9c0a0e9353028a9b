import { addSeconds, type Clock, toInstant } from '../../clock.ts'
import type { Config } from '../../config.ts'
import { isUnavailable } from '../../db/errors.ts'
import type { Inspection } from '../../db/inspection.ts'
import type { Store } from '../../db/store.ts'
import type { KeysService } from '../keys/service.ts'
import { type Finding, finding } from './finding.ts'
import { createDoctorRepository } from './repository.ts'

/** Who looks: a command of its own, thoroughly, or a server at its work, by what costs little. */
export type Examiner = 'command' | 'server'

/** The settings that decide who counts together. */
type CountingSettings = Pick<Config, 'redisUrl' | 'workers'>

export interface DatabaseExamination {
  readonly inspection: Inspection
  readonly findings: readonly Finding[]
}

/** What is wrong with the database and what is kept in it. */
export async function examineDatabase(
  store: Store,
  clock: Clock,
  keys: KeysService | undefined,
  settings: CountingSettings = { workers: 1 },
  examiner: Examiner = 'command',
): Promise<DatabaseExamination> {
  const inspection = await store.inspect(examiner === 'command' ? 'thorough' : 'quick')
  const { pending, strange } = await lookForMigrations(store)
  const findings = [
    ...strange,
    ...examineVersion(inspection),
    ...examineDurability(inspection),
    ...examineDatabaseClock(inspection, clock),
    ...noteProcesses(inspection, settings, examiner),
  ]
  // Without its tables there is no more to look at.
  if (pending.length > 0) return { inspection, findings: [...findings, pendingFinding(pending)] }
  findings.push(
    ...examineExtensions(inspection),
    ...(await examineRows(store, clock, examiner)),
    ...(keys ? await examineKeys(keys) : []),
  )
  return { inspection, findings }
}

/** What the database lacks, or what it has from a version that this one does not know. */
async function lookForMigrations(store: Store): Promise<{ pending: string[]; strange: Finding[] }> {
  try {
    return { pending: await store.pendingMigrations(), strange: [] }
  } catch (error) {
    if (!(error instanceof Error) || isUnavailable(error)) throw error
    const why = 'This version may read and write what a newer one keeps differently.'
    const remedy = 'Bring every server, and this one, to the newest version.'
    return { pending: [], strange: [finding('migrations', error.message, why, remedy)] }
  }
}

/** The oldest versions that are fit: SQLite for its fixes of lost writes, PostgreSQL while it is kept up. */
const oldest = { SQLite: [3, 51, 3], PostgreSQL: [14, 0] } as const

function examineVersion({ name, version }: Inspection): Finding[] {
  const least = oldest[name]
  if (compare(version, least) >= 0) return []
  return [
    finding(
      'version',
      `${name} is ${version.join('.')}, older than ${least.join('.')}.`,
      'Older versions have known faults, and Rollcall is not tested on them.',
      `Bring ${name} up to date.`,
    ),
  ]
}

function compare(left: readonly number[], right: readonly number[]): number {
  const differences = right.map((part, index) => (left[index] ?? 0) - part)
  return differences.find((difference) => difference !== 0) ?? 0
}

/** What the settings must be for nothing acknowledged to be lost in a power cut. */
const durable = {
  SQLite: { journal_mode: ['wal'], synchronous: ['2', '3'], foreign_keys: ['1'] },
  PostgreSQL: {
    fsync: ['on'],
    full_page_writes: ['on'],
    synchronous_commit: ['on', 'local', 'remote_write', 'remote_apply'],
  },
} as const

function examineDurability({ name, settings, damage }: Inspection): Finding[] {
  const wrong = Object.entries<readonly string[]>(durable[name]).filter(
    ([setting, allowed]) => !allowed.includes(settings[setting] ?? ''),
  )
  return [
    ...wrong.map(([setting, [expected]]) =>
      finding(
        'durability',
        `${setting} of ${name} is ${settings[setting] ?? 'unknown'}, not ${expected}.`,
        'What was acknowledged may be lost in a power cut, or rows may refer to nothing.',
        `Set ${setting} to ${expected}.`,
      ),
    ),
    ...damage.map((line) =>
      finding(
        'damage',
        `The database file is damaged: ${line}`,
        'Rows may be lost or wrong.',
        'Stop the server, keep a copy of the file, and restore a backup.',
      ),
    ),
  ]
}

function examineExtensions({ name, extensions }: Inspection): Finding[] {
  if (name === 'SQLite' || extensions.includes('pg_trgm')) return []
  return [
    finding(
      'extensions',
      'The extension pg_trgm is missing.',
      'A search reads every account.',
      'Let an administrator run `CREATE EXTENSION pg_trgm` and make its index again.',
    ),
  ]
}

const toleratedSkewMs = 5_000

function examineDatabaseClock({ now }: Inspection, clock: Clock): Finding[] {
  if (now === undefined) return []
  const skewMs = Math.abs(Date.parse(now) - clock.now().getTime())
  if (skewMs <= toleratedSkewMs) return []
  return [
    clockFinding(`The clocks of server and database are ${Math.round(skewMs / 1_000)} s apart.`),
  ]
}

async function examineRows(store: Store, clock: Clock, examiner: Examiner): Promise<Finding[]> {
  const repository = createDoctorRepository(store.tables)
  const newest = await repository.newestInstant(store.read, examiner === 'command')
  const latest = toInstant(addSeconds(clock.now(), toleratedSkewMs / 1_000))
  const dayAgo = toInstant(addSeconds(clock.now(), -86_400))
  const expired = await repository.countExpired(store.read, dayAgo)
  return [
    ...(newest !== undefined && newest > latest
      ? [clockFinding(`The database holds a row of ${newest}, which is still to come.`)]
      : []),
    ...(expired > 0 ? [sweeperFinding(expired)] : []),
  ]
}

function clockFinding(what: string): Finding {
  return finding(
    'clock',
    what,
    'Tokens, sessions and links expire too early or too late.',
    'Keep the clocks of all machines by NTP.',
  )
}

function sweeperFinding(rows: number): Finding {
  return finding(
    'sweeper',
    `${rows} sessions and links that expired more than a day ago are still there.`,
    'A running server deletes them every ten minutes; the table grows without end.',
    'See that a server runs and what it logs. `rollcall sessions prune` deletes the sessions alone.',
  )
}

function pendingFinding(pending: readonly string[]): Finding {
  return finding(
    'migrations',
    `Migrations are pending: ${pending.join(', ')}.`,
    'No server of this version runs on the database yet.',
    'Start the server, or run `rollcall migrate`.',
  )
}

/** Not wrong, but to be known. */
function noteProcesses(
  { processes }: Inspection,
  { redisUrl, workers }: CountingSettings,
  examiner: Examiner,
): Finding[] {
  // The command is among them; the workers of one server count together.
  const servers = examiner === 'command' ? processes - 1 : processes
  if (servers < 2 || servers <= workers || redisUrl) return []
  return [
    {
      check: 'processes',
      kind: 'note',
      what: `${servers} processes use the database.`,
      why: 'Rate limits are counted by each server alone, so that an address may call each so often. The waits after wrong passwords are counted in the database, once for all.',
      remedy: 'If it matters, set ROLLCALL_REDIS_URL.',
    },
  ]
}

async function examineKeys(keys: KeysService): Promise<Finding[]> {
  const why = 'Nobody can sign in, and access tokens are refused.'
  if ((await keys.listInForce()).length === 0) {
    const remedy = 'Start the server, which makes a key, or run `rollcall keys rotate --now`.'
    return [finding('keys', 'No signing key is in force.', why, remedy)]
  }
  try {
    await keys.open()
    return []
  } catch {
    const what = 'The signing keys cannot be opened with this secret.'
    return [finding('keys', what, why, 'Set ROLLCALL_SECRET to the one that made them.')]
  }
}
