import { randomBytes } from 'node:crypto'
import type { Answer, Call, Caller, Silence } from '../caller.ts'

/** What is known of somebody from outside: what was sent for them, and what was acknowledged. */
export interface Person {
  readonly username: string
  /** Whether an answer has said that the account is made. */
  isRegistered: boolean
  password: string
  /** Acknowledged as replaced. */
  readonly formerPasswords: string[]
  /** Sent as the next one, and never answered. */
  unsurePassword: string | undefined
  readonly sessions: LedgerSession[]
}

/** A sign-in that was acknowledged. */
export interface LedgerSession {
  readonly person: Person
  access: string
  refresh: string
  /** How often an exchange of its refresh token was acknowledged. */
  generation: number
  /** Refresh tokens whose exchange was acknowledged. */
  readonly spent: string[]
  /** By the clock of this process, in milliseconds. */
  usedAt: number
  /** `unsure` when what was sent to change it was never answered; `expired` when nobody used it. */
  state: 'open' | 'ended' | 'unsure' | 'expired'
}

export type Ledger = ReturnType<typeof createLedger>

/**
 * Sends what changes something, and writes down what was sent and what was acknowledged. It
 * lives outside the server, so nothing that happens to the server can make it forget.
 */
export function createLedger() {
  const people: Person[] = []
  const statuses = new Map<number, number>()
  const surprises: string[] = []
  let made = 0
  let sent = 0
  let acknowledged = 0
  let slowestMs = 0

  /** Answers what was acknowledged; `undefined` when the outcome is unknown. */
  async function send(caller: Caller, call: Call, expected: number): Promise<string | undefined> {
    sent += 1
    const answer = await caller.call(call)
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    slowestMs = Math.max(slowestMs, answer.durationMs)
    if (answer.status === expected && 'text' in answer) {
      acknowledged += 1
      return answer.text
    }
    if (!isExplained(answer)) surprises.push(describe(call, answer))
    return undefined
  }

  return {
    people,
    /** How often each status was answered; 0 stands for no answer. */
    statuses,
    /** Answers that nothing explains: neither what was asked for nor `service_unavailable`. */
    surprises,

    get sent() {
      return sent
    },

    get acknowledged() {
      return acknowledged
    },

    get slowestMs() {
      return slowestMs
    },

    async register(caller: Caller): Promise<Person> {
      const username = `person-${++made}-${randomBytes(4).toString('hex')}`
      const person: Person = {
        username,
        password: newPassword(),
        isRegistered: false,
        formerPasswords: [],
        unsurePassword: undefined,
        sessions: [],
      }
      people.push(person)
      const body = { username, email: `${username}@post.example`, password: person.password }
      const text = await send(caller, { method: 'POST', path: '/api/register/', body }, 201)
      person.isRegistered = text !== undefined
      return person
    },

    async signIn(caller: Caller, person: Person): Promise<LedgerSession | undefined> {
      const body = { username: person.username, password: person.password }
      const text = await send(caller, { method: 'POST', path: '/api/token/', body }, 200)
      if (text === undefined) return undefined
      const tokens = JSON.parse(text) as { access: string; refresh: string }
      const usedAt = performance.now()
      const session = {
        person,
        ...tokens,
        generation: 0,
        spent: [],
        usedAt,
        state: 'open' as const,
      }
      person.sessions.push(session)
      return session
    },

    async rotate(caller: Caller, session: LedgerSession): Promise<void> {
      const { refresh } = session
      const call = { method: 'POST', path: '/api/token/refresh/', body: { refresh } }
      const text = await send(caller, call, 200)
      if (text === undefined) {
        session.state = 'unsure'
        return
      }
      session.spent.push(refresh)
      session.generation += 1
      session.usedAt = performance.now()
      Object.assign(session, JSON.parse(text) as { access: string; refresh: string })
    },

    /** Sessions end that nobody has used for so long; of the others it is not known when they do. */
    expireUnused(idleSeconds: number) {
      const before = performance.now() - (idleSeconds + leewaySeconds) * 1_000
      for (const session of people.flatMap(({ sessions }) => sessions)) {
        if (session.state === 'open') session.state = session.usedAt < before ? 'expired' : 'unsure'
      }
    },

    async signOut(caller: Caller, session: LedgerSession): Promise<void> {
      const { refresh, access: token } = session
      const call = { method: 'POST', path: '/api/logout/', token, body: { refresh } }
      session.state = (await send(caller, call, 205)) === undefined ? 'unsure' : 'ended'
    },

    /** Ends every other session of the account, too. */
    async changePassword(caller: Caller, session: LedgerSession): Promise<void> {
      const { person, access: token } = session
      const password = newPassword()
      const body = { current_password: person.password, new_password: password }
      const call = { method: 'POST', path: '/api/password/change/', token, body }
      const isAcknowledged = (await send(caller, call, 204)) !== undefined
      for (const other of person.sessions) {
        if (other !== session && other.state === 'open') {
          other.state = isAcknowledged ? 'ended' : 'unsure'
        }
      }
      if (!isAcknowledged) {
        person.unsurePassword = password
        return
      }
      person.formerPasswords.push(person.password)
      person.password = password
    },
  }
}

/** Between an answer of the server and its arrival. */
const leewaySeconds = 5

/** No answer at all, or one that says when to try again. */
function isExplained(answer: Answer | Silence): boolean {
  if (!('text' in answer)) return true
  return answer.status === 503 && answer.headers['retry-after'] !== undefined
}

function newPassword(): string {
  return randomBytes(15).toString('base64url')
}

function describe({ method, path }: Call, answer: Answer | Silence): string {
  const text = 'text' in answer ? answer.text : answer.reason
  return `${method} ${path} answered ${answer.status}: ${text.slice(0, 200)}`
}
