import { addSeconds, type Clock, toInstant } from '../../clock.ts'
import { deriveKey, hmac } from '../../crypto.ts'
import type { Queries, Store } from '../../db/store.ts'
import type { UserRow } from '../../db/tables.ts'
import { type BackOffRule, backOff, knownDeviceSeconds, waitSeconds, waits } from '../../limits.ts'
import { networkOf } from '../../network.ts'
import { ProblemError } from '../../problem.ts'
import { createTurns } from '../../turns.ts'
import { isSignedIn, type Origin } from '../audit/origin.ts'
import type { AuditService } from '../audit/service.ts'
import type { Principal } from '../sessions/principal.ts'
import { createAttemptsRepository, type Reservation } from './repository.ts'

/** Who tries, and for which account, if there is one. */
export interface Suspect {
  readonly user: UserRow | undefined
  /** The canonical name that was given. */
  readonly name: string
  readonly by: Principal | Origin
}

/** How the check of a password ended. The reason is for the audit trail alone. */
export type Verdict<Proof> = { readonly proof: Proof } | { readonly reason: string }

/** One check of a password, and what is done when it is the right one. */
export interface Attempt<Proof, T> {
  readonly verify: () => Promise<Verdict<Proof>>
  /** Runs in the transaction that forgets the failures. */
  readonly accept: (tx: Queries, proof: Proof) => Promise<T>
}

/** A wait that is told of, and whether the audit trail knows it already. */
interface Wait {
  readonly key: string
  readonly until: string
  readonly isNoted: boolean
}

interface Counter {
  readonly key: string
  readonly rule: BackOffRule
}

export type AttemptsService = ReturnType<typeof createAttemptsService>

/**
 * Slows guessing down, by account and by address (ASVS 6.3.1). Each attempt
 * counts as a failure before the password is looked at, so that of many
 * parallel ones no more are verified than are free.
 */
export function createAttemptsService(dependencies: {
  store: Store
  clock: Clock
  audit: AuditService
  secret: string
  limits: 'on' | 'off'
  /** Processes on this machine, each of which lets some verify at a time. */
  workers: number
}) {
  const { store, clock, audit, secret, limits, workers } = dependencies
  const repository = createAttemptsRepository(store.tables)
  const turn = createTurns()
  const secretKey = deriveKey(secret, 'attempts')

  return {
    prove,

    /** Whether the password of somebody signed in is right, as `verify` tells. */
    async guard(actor: Principal, verify: () => Promise<boolean>): Promise<boolean> {
      const isProven = await prove(
        { user: actor.user, name: actor.user.usernameKey, by: actor },
        {
          verify: async () => ((await verify()) ? { proof: true } : wrongPassword),
          accept: async () => true,
        },
      )
      return isProven === true
    },

    /** Deletes what is forgotten in batches, so that no write waits long; answers how many. */
    async prune(): Promise<number> {
      const before = oldest()
      for (let total = 0; ; ) {
        const deleted = await store.write((tx) => repository.deleteOld(tx, before, pruneBatch))
        total += deleted
        if (deleted < pruneBatch) return total
      }
    },
  }

  /** What `accept` answers, `undefined` for a wrong password; throws `throttled`. */
  async function prove<Proof, T>(suspect: Suspect, attempt: Attempt<Proof, T>) {
    const counters = limits === 'on' ? await countersOf(suspect) : []
    return inTurn(counters, async () => {
      await take(counters, suspect)
      return orGiveBack(counters, async () => {
        const verdict = await attempt.verify()
        return store.write(async (tx) => {
          if ('reason' in verdict) return noteFailure(tx, suspect, verdict.reason)
          const accepted = await attempt.accept(tx, verdict.proof)
          await forgive(tx, counters)
          if (limits === 'on') await rememberDevice(tx, suspect)
          return accepted
        })
      })
    })
  }

  /** Unknown names take the same steps as known ones, so that their time tells nothing. */
  async function countersOf(suspect: Suspect): Promise<Counter[]> {
    const { user, name } = suspect
    const { network, deviceKey } = placeOf(suspect)
    const isKnown = await repository.isRemembered(store.read, knownKeyOf(deviceKey), oldest())
    const account = user ? `user ${user.id}` : `name ${name}`
    return [
      { key: keyOf('address', network), rule: backOff.address },
      isKnown
        ? { key: deviceKey, rule: backOff.device }
        : { key: keyOf('account', account), rule: backOff.account },
    ]
  }

  /** From where somebody tries, and with what, for which account. */
  function placeOf({ user, by }: Suspect) {
    const { ip, userAgent } = isSignedIn(by) ? by.origin : by
    const network = networkOf(ip ?? '')
    const deviceKey = keyOf('device', user?.id ?? nobody, network, userAgent ?? '')
    return { network, userAgent, deviceKey }
  }

  /** Sessions end, often by their holder: the device is known beyond. */
  async function rememberDevice(tx: Queries, suspect: Suspect): Promise<void> {
    const { userAgent, deviceKey } = placeOf(suspect)
    if (userAgent === null) return
    const now = clock.now()
    const until = toInstant(addSeconds(now, knownDeviceSeconds - longestMemorySeconds))
    await repository.remember(tx, knownKeyOf(deviceKey), until, toInstant(now))
  }

  /** What has failed last before then is forgotten. */
  function oldest(): string {
    return toInstant(addSeconds(clock.now(), -longestMemorySeconds))
  }

  /** Neither names nor addresses stand in the table. */
  function keyOf(...parts: string[]): string {
    return hmac(secretKey, JSON.stringify(parts)).toString('base64url')
  }

  /** Those under way count as failures, so few are at a time: right ones in parallel all pass. */
  function inTurn<T>(counters: readonly Counter[], work: () => Promise<T>): Promise<T> {
    const [first, ...rest] = counters
    if (!first) return work()
    const size = Math.max(1, Math.floor(first.rule.parallel / workers))
    return turn(first.key, size, () => inTurn(rest, work))
  }

  /** Counts the attempt everywhere, or throws `throttled`. */
  async function take(counters: readonly Counter[], suspect: Suspect): Promise<void> {
    if (counters.length === 0) return
    const wait = (await findWait(store.read, counters)) ?? (await reserve(counters))
    if (!wait) return
    if (!wait.isNoted) await store.write((tx) => noteWait(tx, wait, suspect))
    throw throttled(wait, clock.now())
  }

  async function findWait(
    queries: Queries,
    counters: readonly Counter[],
  ): Promise<Wait | undefined> {
    const keys = counters.flatMap(({ key }) => [key, notedKeyOf(key)])
    const found = await repository.findCounted(queries, keys)
    const now = toInstant(clock.now())
    const latest = latestWait()
    for (const { key, rule } of counters) {
      const { failures = 0, blockedUntil: until = '' } = found.get(key) ?? {}
      // One that ends later is of a clock that was wrong.
      if (failures < rule.freeFailures || until <= now || until > latest) continue
      const { blockedUntil: noted = '' } = found.get(notedKeyOf(key)) ?? {}
      return { key, until, isNoted: noted >= until && noted <= latest }
    }
    return undefined
  }

  /** Nobody is ever told to wait for longer. */
  function latestWait(): string {
    return toInstant(addSeconds(clock.now(), waits.longestSeconds))
  }

  /** All counters or none; answers what there is to wait for. */
  function reserve(counters: readonly Counter[]): Promise<Wait | undefined> {
    return store.write(async (tx) => {
      for (const [index, counter] of counters.entries()) {
        if (await repository.reserve(tx, reservationOf(counter))) continue
        await giveBack(tx, counters.slice(0, index))
        const over = { key: counter.key, until: toInstant(clock.now()), isNoted: true }
        return (await findWait(tx, counters)) ?? over
      }
      return undefined
    })
  }

  function reservationOf({ key, rule }: Counter): Reservation {
    const now = clock.now()
    return {
      key,
      freeFailures: rule.freeFailures,
      now: toInstant(now),
      forgottenAt: toInstant(addSeconds(now, -rule.windowSeconds)),
      waitsUntil: waitSeconds.map((seconds) => toInstant(addSeconds(now, seconds))),
    }
  }

  /** What fails on our side is no failure of the person. */
  async function orGiveBack<T>(counters: readonly Counter[], work: () => Promise<T>) {
    try {
      return await work()
    } catch (error) {
      // Who has waited for the database is answered now. What cannot be given back fades with time.
      store.write((tx) => giveBack(tx, counters)).catch(() => {})
      throw error
    }
  }

  async function giveBack(tx: Queries, counters: readonly Counter[]) {
    for (const counter of counters) await repository.giveBack(tx, reservationOf(counter))
  }

  async function forgive(tx: Queries, counters: readonly Counter[]) {
    for (const counter of counters) {
      if (counter.rule.resetBySuccess) await repository.reset(tx, counter.key)
      else await giveBack(tx, [counter])
    }
  }

  async function noteFailure(tx: Queries, { user, by }: Suspect, reason: string) {
    const action = isSignedIn(by) ? 'reauthentication.failed' : 'sign_in.failed'
    await audit.record(tx, { action, by, ...targetOf(user), details: { reason } })
    return undefined
  }

  /** Once for each wait, so that a flood does not fill the trail. */
  async function noteWait(tx: Queries, { key, until }: Wait, { user, by }: Suspect) {
    const isNew = await repository.noteWait(tx, {
      key: notedKeyOf(key),
      until,
      now: toInstant(clock.now()),
      latest: latestWait(),
    })
    if (!isNew) return
    const details = { until }
    await audit.record(tx, { action: 'sign_in.throttled', by, ...targetOf(user), details })
  }
}

/** For the command line, whose operator has no password to guess. */
export const unguarded: Pick<AttemptsService, 'guard'> = {
  guard: (_actor, verify) => verify(),
}

export const wrongPassword = { reason: 'wrong password' } as const

/** Looked up where there is no account: nobody has signed in to it. */
const nobody = '00000000-0000-0000-0000-000000000000'

const longestMemorySeconds =
  Math.max(...Object.values(backOff).map(({ windowSeconds }) => windowSeconds)) +
  waits.longestSeconds

const pruneBatch = 500

function notedKeyOf(key: string): string {
  return `noted ${key}`
}

function knownKeyOf(key: string): string {
  return `known ${key}`
}

function targetOf(user: UserRow | undefined) {
  return user && { target: { type: 'user' as const, id: user.id } }
}

function throttled({ until }: Wait, now: Date): ProblemError {
  const seconds = Math.max(1, Math.ceil((Date.parse(until) - now.getTime()) / 1_000))
  return new ProblemError('throttled', {
    detail: `Too many failed attempts. Try again in ${seconds} s.`,
    retryAfter: seconds,
  })
}
