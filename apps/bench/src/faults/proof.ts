import { createCaller } from '../caller.ts'
import { runCommand, type Workspace } from '../processes.ts'
import type { Ledger, LedgerSession, Person } from './ledger.ts'
import { findDamage, type Rows, withRows } from './rows.ts'

/** What the server does not hold to of what it has acknowledged; empty lists when it holds all. */
export interface Proof {
  /** Acknowledged, and gone or undone. */
  readonly lost: string[]
  /** Not whole: half-written rows, broken indexes, a broken chain of the audit trail. */
  readonly damaged: string[]
  /** How many passwords were tried over HTTP. */
  readonly signIns: number
  /** How many tokens were tried over HTTP. */
  readonly tokens: number
}

export interface ProofOptions {
  /** How many passwords to try. */
  readonly sample?: number
  /** What was never answered may not have been done either. */
  readonly isUnansweredUndone?: boolean
}

const parallel = 16

/**
 * Compares the ledger with the server: every account, password and session by its row, every
 * spent and ended token over HTTP, and some passwords by signing in, each of which takes a hash.
 */
export async function proveLedger(
  ledger: Ledger,
  url: string,
  workspace: Workspace,
  { sample = 60, isUnansweredUndone = false }: ProofOptions = {},
): Promise<Proof> {
  const lost: string[] = []
  const caller = createCaller(url, { connections: parallel })
  try {
    const names = await withRows(workspace.databaseUrl, async (rows) => {
      lost.push(...(await compareSessions(ledger, rows, isUnansweredUndone)))
      return readNames(rows)
    })
    const missing = ledger.people.filter((one) => one.isRegistered && !names.has(one.username))
    lost.push(...missing.map(({ username }) => `the account ${username} is gone`))
    if (isUnansweredUndone) lost.push(...findDone(ledger, names))
    const tokens = ledger.people.flatMap(({ sessions }) => sessions.flatMap(tokensOf))
    await inParallel(tokens, async ({ token, isAccepted, what }) => {
      const call = { method: 'POST', path: '/api/token/verify/', body: { token } }
      const { status } = await caller.call(call)
      if (status !== (isAccepted ? 200 : 401)) lost.push(`${what}: answered ${status}`)
    })
    const guesses = ledger.people.flatMap((one) => guessesOf(one, names.has(one.username)))
    const tried = spread(guesses, sample)
    await inParallel(tried, async ({ username, passwords, accepted, what }) => {
      const statuses: number[] = []
      for (const password of passwords) {
        const call = { method: 'POST', path: '/api/token/', body: { username, password } }
        statuses.push((await caller.call(call)).status)
      }
      const isRight =
        statuses.filter((status) => status === 200).length === accepted &&
        statuses.every((status) => status === 200 || status === 401)
      if (!isRight) lost.push(`${username}, ${what}: answered ${statuses.join(', ')}`)
    })
    const damaged = await withRows(workspace.databaseUrl, findDamage)
    damaged.push(...(await verifyAudit(workspace)))
    return { lost, damaged, signIns: tried.length, tokens: tokens.length }
  } finally {
    caller.close()
  }
}

async function readNames(rows: Rows): Promise<ReadonlySet<string>> {
  const users = await rows.read<{ username: string }>('SELECT username FROM users')
  return new Set(users.map(({ username }) => username))
}

/** Accounts that were made although nobody was told. */
function findDone(ledger: Ledger, names: ReadonlySet<string>): string[] {
  return ledger.people
    .filter(({ isRegistered, username }) => !isRegistered && names.has(username))
    .map(({ username }) => `the account ${username} was made, and never answered for`)
}

async function compareSessions(
  ledger: Ledger,
  rows: Rows,
  isUnansweredUndone: boolean,
): Promise<string[]> {
  const sessions = await rows.read<{ id: string; generation: number }>(
    'SELECT id, generation FROM sessions',
  )
  const generations = new Map(sessions.map(({ id, generation }) => [id, generation]))
  return ledger.people.flatMap((person) =>
    person.sessions
      .filter((session) => {
        const found = generations.get(sessionIdOf(session.refresh))
        return !generationsAllowed(session, isUnansweredUndone).includes(found)
      })
      .map(({ state, generation }) => `a session of ${person.username}: ${state} at ${generation}`),
  )
}

/** What was never answered may be in or out, but no more than once. */
function generationsAllowed({ state, generation }: LedgerSession, isUnansweredUndone: boolean) {
  if (state === 'ended') return [undefined]
  // It may not have been deleted yet.
  if (state === 'expired') return [undefined, generation]
  if (state === 'open' || isUnansweredUndone) return [generation]
  return [undefined, generation, generation + 1]
}

/** The first 16 bytes of a refresh token. */
function sessionIdOf(refresh: string): string {
  const hex = Buffer.from(refresh.slice('rcr_'.length), 'base64url').toString('hex', 0, 16)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function tokensOf({ person: { username }, spent, state, refresh, access }: LedgerSession) {
  const refused = (token: string, what: string) => ({ token, isAccepted: false, what })
  return [
    ...spent.map((token) => refused(token, `a spent refresh token of ${username}`)),
    ...(state === 'ended'
      ? [
          refused(refresh, `the refresh token of an ended session of ${username}`),
          refused(access, `the access token of an ended session of ${username}`),
        ]
      : []),
    ...(state === 'expired' ? [refused(refresh, `an unused refresh token of ${username}`)] : []),
    ...(state === 'open'
      ? [{ token: refresh, isAccepted: true, what: `the refresh token of ${username}` }]
      : []),
  ]
}

/** Passwords to try, and how many of them sign in. */
function guessesOf(person: Person, exists: boolean) {
  const { username, password, formerPasswords, unsurePassword, isRegistered } = person
  const former = formerPasswords.at(-1)
  const passwords = unsurePassword === undefined ? [password] : [password, unsurePassword]
  const accepted = isRegistered || exists ? 1 : 0
  return [
    { username, passwords, accepted, what: 'the password in force' },
    ...(former ? [{ username, passwords: [former], accepted: 0, what: 'a former password' }] : []),
  ]
}

async function verifyAudit(workspace: Workspace): Promise<string[]> {
  try {
    await runCommand(workspace, ['audit', 'verify'])
    return []
  } catch (error) {
    return [`the audit trail: ${error instanceof Error ? error.message : error}`]
  }
}

/** So many of them, from the first to the last. */
function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items
  return Array.from(
    { length: count },
    (_item, index) => items[Math.floor((index * items.length) / count)] as T,
  )
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>) {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}
