import type { AuditAction } from '@rollcall/contract'
import { addSeconds, type Clock, leewaySeconds, toInstant } from '../../clock.ts'
import { newId } from '../../crypto.ts'
import type { Queries, Store } from '../../db/store.ts'
import type { SessionRow, UserRow } from '../../db/tables.ts'
import { ProblemError } from '../../problem.ts'
import { type Origin, operator } from '../audit/origin.ts'
import type { AuditService } from '../audit/service.ts'
import type { RolesService } from '../roles/service.ts'
import type { AccessClaims } from '../tokens/access-tokens.ts'
import { type Principal, toPrincipal } from './principal.ts'
import { authenticatedAt, authTimeOf } from './recent.ts'
import { createSessionsRepository } from './repository.ts'

export interface SessionSettings {
  readonly sessionIdleSeconds: number
  readonly sessionMaxSeconds: number
  readonly staffSessionMaxSeconds: number
  readonly sessionsPerUser: number
  readonly refreshGraceSeconds: number
  readonly reauthenticationSeconds: number
}

/** How an exchange of a refresh token ended. */
export type Rotated =
  | { readonly kind: 'rotated' | 'repeated'; readonly session: SessionRow }
  | { readonly kind: 'reused'; readonly session: SessionRow }
  | { readonly kind: 'unknown' }

export type SessionsService = ReturnType<typeof createSessionsService>

/** Opens, renews and ends sessions: every way to sign in ends here. */
export function createSessionsService(dependencies: {
  store: Store
  clock: Clock
  settings: SessionSettings
  roles: RolesService
  audit: AuditService
}) {
  const { store, clock, settings, roles, audit } = dependencies
  const repository = createSessionsRepository(store.tables)

  function expiryOf(user: UserRow, createdAt: Date, now: Date): string {
    const idle = addSeconds(now, settings.sessionIdleSeconds)
    return toInstant(new Date(Math.min(idle.getTime(), endOf(user, createdAt).getTime())))
  }

  /** When a session ends, however it is used. */
  function endOf(user: UserRow, createdAt: Date): Date {
    const isStaff = user.isStaff || user.isSuperuser
    const longest = isStaff ? settings.staffSessionMaxSeconds : settings.sessionMaxSeconds
    return addSeconds(createdAt, longest)
  }

  /** The account may have become staff since, whose sessions are shorter. */
  function isAlive(user: UserRow, session: SessionRow): boolean {
    const now = clock.now()
    const isOver = endOf(user, new Date(session.createdAt)) <= now
    return new Date(session.expiresAt) > now && !isOver && !isOfWrongClock(session)
  }

  /** It would live for longer than any may. */
  function isOfWrongClock({ createdAt }: SessionRow): boolean {
    return new Date(createdAt) > addSeconds(clock.now(), leewaySeconds)
  }

  function isRecentlyProven(session: SessionRow): boolean {
    const earliest = addSeconds(clock.now(), -settings.reauthenticationSeconds)
    return new Date(authenticatedAt(session)) >= earliest
  }

  /** Two tabs, or a reply that was lost: the same successor again, for a moment. */
  function isWithinGrace(session: SessionRow, generation: number): boolean {
    const graceEnds = addSeconds(new Date(session.lastUsedAt), settings.refreshGraceSeconds)
    return session.generation === generation + 1 && clock.now() < graceEnds
  }

  async function findLive(queries: Queries, id: string) {
    const row = await repository.findWithUser(queries, id)
    return row?.user.isActive && isAlive(row.user, row.session) ? row : undefined
  }

  /** The session and account of a token, unless a newer proof has ended it. */
  async function findSignedIn({ sid, sub, auth_time: authTime }: AccessClaims) {
    const row = await findLive(store.read, sid)
    return row?.user.id === sub && authTimeOf(row.session) === authTime ? row : undefined
  }

  /** The events of a session are about its account, in whose history they stand. */
  function note(
    tx: Queries,
    action: AuditAction,
    userId: string,
    by: Principal | Origin,
    details = {},
  ) {
    return audit.record(tx, { action, by, target: { type: 'user', id: userId }, details })
  }

  return {
    /** Opens a session within the transaction that has checked the person's proof. */
    async open(tx: Queries, user: UserRow, origin: Origin): Promise<SessionRow> {
      const now = clock.now()
      const evicted = await repository.evictOldest(tx, user.id, settings.sessionsPerUser - 1)
      const session = {
        id: newId(),
        userId: user.id,
        generation: 0,
        ip: origin.ip ?? '',
        userAgent: origin.userAgent,
        createdAt: toInstant(now),
        lastUsedAt: toInstant(now),
        expiresAt: expiryOf(user, now, now),
        reauthenticatedAt: null,
      }
      await repository.insert(tx, session)
      const by = toPrincipal({ user, session, origin, isRecent: true }, noRights)
      await note(tx, 'sign_in.succeeded', user.id, by)
      if (evicted.length > 0) await note(tx, 'session.evicted', user.id, by, { sessions: evicted })
      return session
    },

    /** Notes that the caller has proven again who they are. */
    async reauthenticate(tx: Queries, principal: Principal): Promise<SessionRow> {
      const at = toInstant(clock.now())
      const session = await repository.reauthenticate(tx, principal.session.id, at)
      if (!session) throw new ProblemError('token_not_valid', { detail: 'The session has ended.' })
      await note(tx, 'reauthentication.succeeded', principal.user.id, principal)
      return session
    },

    /** Who an access token speaks for, while its session lives and the account is active. */
    async findPrincipal(token: AccessClaims, origin: Origin): Promise<Principal | undefined> {
      const row = await findSignedIn(token)
      if (!row) return undefined
      const isRecent = isRecentlyProven(row.session)
      return toPrincipal({ ...row, origin, isRecent }, await roles.rightsOf(store.read, row.user))
    },

    /** The same caller with the rights of now; nobody once the session or the account is over. */
    async findAgain({ session, origin, isRecent }: Principal): Promise<Principal | undefined> {
      const row = await findLive(store.read, session.id)
      if (!row) return undefined
      return toPrincipal({ ...row, origin, isRecent }, await roles.rightsOf(store.read, row.user))
    },

    /** Whether a session lives for which an access token speaks, and its account is active. */
    async isLive(token: AccessClaims): Promise<boolean> {
      return (await findSignedIn(token)) !== undefined
    },

    /** Where an account is signed in, last used first. */
    async list(userId: string): Promise<SessionRow[]> {
      return (await repository.listOfUser(store.read, userId, toInstant(clock.now()))).filter(
        (session) => !isOfWrongClock(session),
      )
    },

    /** Ends one session of the caller; answers whether there was one. */
    endOwn: (principal: Principal, id: string): Promise<boolean> =>
      store.write(async (tx) => {
        const { user } = principal
        if (!(await repository.deleteOwn(tx, user.id, id))) return false
        await note(tx, 'session.ended', user.id, principal, { sessions: [id] })
        return true
      }),

    /** The live session of a refresh token that would be accepted now. */
    async findExchangeable(id: string, generation: number): Promise<SessionRow | undefined> {
      const row = await findLive(store.read, id)
      if (!row) return undefined
      const isNewest = row.session.generation === generation
      return isNewest || isWithinGrace(row.session, generation) ? row.session : undefined
    },

    /**
     * Exchanges a generation for the next, once. Its direct parent is answered
     * the same successor within the grace; any older one ends the session,
     * since somebody else may hold it (RFC 9700, section 4.14.2).
     */
    rotate: (id: string, generation: number, origin: Origin): Promise<Rotated> =>
      store.write(async (tx) => {
        const row = await findLive(tx, id)
        if (!row) return { kind: 'unknown' }
        const now = clock.now()
        const expiresAt = expiryOf(row.user, new Date(row.session.createdAt), now)
        const rotated = await repository.rotate(tx, {
          id,
          generation,
          now: toInstant(now),
          expiresAt,
        })
        if (rotated) return { kind: 'rotated', session: rotated }

        // Another exchange may have come between: look again.
        const newest = await findLive(tx, id)
        if (!newest) return { kind: 'unknown' }
        const { session } = newest
        if (isWithinGrace(session, generation)) return { kind: 'repeated', session }
        if (!(await repository.deleteOwn(tx, session.userId, id))) return { kind: 'unknown' }
        await note(tx, 'session.reused', session.userId, origin, { sessions: [id] })
        return { kind: 'reused', session }
      }),

    /** Ends the session whose token a browser gives up for that of a new one (ASVS 7.2.4). */
    async endReplaced(tx: Queries, id: string, by: Origin): Promise<void> {
      const row = await repository.findWithUser(tx, id)
      if (!row || !(await repository.deleteOwn(tx, row.user.id, id))) return
      await note(tx, 'session.ended', row.user.id, by, { sessions: [id] })
    },

    /** Whose session it is, or nothing when it has ended. */
    async findOwner(id: string, queries: Queries = store.read): Promise<string | undefined> {
      const row = await repository.findWithUser(queries, id)
      return row?.session.userId
    },

    /** Ends the caller's session, and another of theirs that they name. */
    endNamed: (principal: Principal, otherId: string) =>
      store.write(async (tx) => {
        const { user, session } = principal
        const ended: string[] = []
        for (const id of [session.id, otherId]) {
          if (await repository.deleteOwn(tx, user.id, id)) ended.push(id)
        }
        // Somebody else was faster: they have noted it.
        if (ended.length === 0) return
        await note(tx, 'session.ended', user.id, principal, { sessions: ended })
      }),

    /** Ends every session of the caller, or every other one. */
    endEvery: (principal: Principal, scope: 'others' | 'all') =>
      store.write(async (tx) => {
        const { user, session } = principal
        const keptId = scope === 'others' ? session.id : undefined
        if ((await repository.deleteOfUser(tx, user.id, keptId)) === 0) return
        await note(tx, 'session.ended', user.id, principal, { scope })
      }),

    /** Ends every session of an account, but for one if it is named; the caller notes why. */
    endAllOf: (tx: Queries, userId: string, exceptId?: string) =>
      repository.deleteOfUser(tx, userId, exceptId),

    /** Ends one session of an account; the caller notes why. */
    endOneOf: (tx: Queries, userId: string, id: string) => repository.deleteOwn(tx, userId, id),

    /** Ends every session of everybody; answers how many. The caller notes why. */
    endAll: (tx: Queries): Promise<number> => repository.deleteAll(tx),

    /** The same, by the operator. */
    endEverybodys: (): Promise<number> =>
      store.write(async (tx) => {
        const ended = await repository.deleteAll(tx)
        const details = { scope: 'everybody', count: ended }
        await audit.record(tx, { action: 'session.ended', by: operator, details })
        return ended
      }),

    /** Deletes expired sessions in batches, so that no write waits long; answers how many. */
    async prune(): Promise<number> {
      for (let total = 0; ; ) {
        const deleted = await store.write((tx) =>
          repository.deleteExpired(tx, toInstant(clock.now()), pruneBatch),
        )
        total += deleted
        if (deleted < pruneBatch) return total
      }
    },
  }
}

const pruneBatch = 500

/** The audit trail asks who somebody is, not what they may do. */
const noRights: ReadonlySet<never> = new Set()
