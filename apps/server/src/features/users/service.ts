import type { AuditAction, Invitation, NewUser, User, UserPatch } from '@rollcall/contract'
import { type Clock, toInstant } from '../../clock.ts'
import type { Config } from '../../config.ts'
import { newId } from '../../crypto.ts'
import type { Queries, Store } from '../../db/store.ts'
import type { UserRow } from '../../db/tables.ts'
import { invalidFields, ProblemError } from '../../problem.ts'
import type { AttemptsService } from '../attempts/service.ts'
import { isSignedIn, type Origin, operator } from '../audit/origin.ts'
import { type AuditService, difference } from '../audit/service.ts'
import type { OneTimeTokensService } from '../one-time-tokens/service.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { ChooseRoles, RolesService } from '../roles/service.ts'
import type { Principal } from '../sessions/principal.ts'
import { requireRecent } from '../sessions/recent.ts'
import type { SessionsService } from '../sessions/service.ts'
import {
  changedMembers,
  flagColumns,
  isSensitive,
  refuseFlags,
  refuseMembers,
  refusePassword,
  unsettable,
} from './members.ts'
import { emailTaken, usernameTaken, withUniqueNames } from './names.ts'
import { type ProfileRow, readProfile, searchTextOf } from './profile.ts'
import { createUsersRepository, noPassword, type UserChanges } from './repository.ts'
import { isMatch, neverSignedIn, toUser } from './representation.ts'

/** Who makes an account: staff, the operator at the command line, or the person alone. */
export type Creator = Principal | Origin

/** An edit: what, by whom, and on which version. */
export interface Edit {
  readonly id: string
  readonly patch: UserPatch
  readonly actor: Principal
  readonly ifMatch: string | undefined
}

export type UsersService = ReturnType<typeof createUsersService>

/** Makes, changes and removes accounts: all that happens to one passes here. */
export function createUsersService(dependencies: {
  store: Store
  clock: Clock
  passwords: Passwords
  sessions: SessionsService
  attempts: Pick<AttemptsService, 'guard'>
  roles: RolesService
  audit: AuditService
  oneTimeTokens: OneTimeTokensService
  phoneRegion?: string | undefined
  registration: Config['registration']
  staffPasswords: Config['staffPasswords']
}) {
  const { store, clock, passwords, sessions, roles, audit, oneTimeTokens } = dependencies
  const { attempts, phoneRegion, registration, staffPasswords } = dependencies
  const repository = createUsersRepository(store.tables)

  return {
    /** Makes an account. Only staff set flags; `by` says whose rules hold. */
    create: (body: NewUser, by: Creator): Promise<UserRow> =>
      createWith(body, by, async (_tx, row) => row),

    /** The same; `further` is written with it. */
    createWith,

    /** Makes an account that nobody can sign in to yet; `further` is written with it. */
    invite: <T>(body: Invitation, by: Principal, further: Further<T>): Promise<T> =>
      make(body, by, async (tx, row) => {
        await note(tx, 'invitation.made', by, row, { after: toUser(row) })
        return further(tx, row)
      }),

    /** Changes the members that the patch names. */
    async update(edit: Edit): Promise<UserRow> {
      const credentials = await preparePassword(edit)
      return withUniqueNames(() =>
        store.write(async (tx) => {
          const row = await lockWeaker(tx, edit.id, edit.actor, edit.ifMatch)
          const changes = { ...changesOf(row, edit), ...credentials?.applyTo(row) }
          return save(tx, row, changes, edit.actor, edit.patch.reason)
        }),
      )
    },

    /** Sets the caller's own password and ends the caller's other sessions. */
    async changePassword(actor: Principal, current: string, password: string): Promise<void> {
      const field = 'new_password'
      const credentials = await proveAndHash(actor, { field, current, password })
      await store.write(async (tx) => {
        const row = await lockMatching(tx, actor.user.id)
        await save(tx, row, credentials.applyTo(row), actor)
      })
    },

    /** The operator's way: sets a password without the one in force and ends every session. */
    async resetPassword(row: UserRow, password: string): Promise<void> {
      const errors = await passwords.check('password', password, toUser(row))
      if (errors.length > 0) throw invalidFields(...errors)
      const passwordHash = await passwords.hash(password)
      await store.write(async (tx) =>
        save(tx, await lockMatching(tx, row.id), { passwordHash }, operator),
      )
    },

    /** The same for the holder of a one-time link, within the transaction that spends it. */
    setPassword: (tx: Queries, row: UserRow, passwordHash: string, by: Origin) =>
      save(tx, row, { passwordHash }, by),

    /** Removes an account for good; its sessions go with it. */
    remove: (id: string, actor: Principal, ifMatch?: string) =>
      store.write(async (tx) => {
        const row = await lockWeaker(tx, id, actor, ifMatch)
        requireRecent(actor)
        if (isActiveSuperuser(row)) await refuseLastSuperuser(tx, id)
        await repository.delete(tx, id)
        await note(tx, 'user.deleted', actor, row, { before: toUser(row) })
      }),

    /** Gives an account the roles that `choose` answers, and no others. */
    setRoles: (id: string, choose: ChooseRoles, actor: Principal, ifMatch?: string) =>
      store.write(async (tx) => {
        const row = await lockWeaker(tx, id, actor, ifMatch)
        requireRecent(actor)
        const change = await roles.setOfUser(tx, row, choose, actor)
        if (!change) return row
        await note(tx, 'user.roles_changed', actor, row, change)
        return (await repository.findById(tx, id)) ?? row
      }),

    /** The sessions of an account that the caller may look after. */
    async endSessions(id: string, actor: Principal): Promise<void> {
      await store.write(async (tx) => {
        const row = await lockWeaker(tx, id, actor)
        requireRecent(actor)
        await sessions.endAllOf(tx, id)
        await note(tx, 'session.ended', actor, row, { scope: 'all' })
      })
    },

    /** One session of such an account; answers whether there was one. */
    endSession: (sessionId: string, actor: Principal): Promise<boolean> =>
      store.write(async (tx) => {
        const owner = await sessions.findOwner(sessionId, tx)
        if (owner === undefined) return false
        const row = await lockWeaker(tx, owner, actor)
        requireRecent(actor)
        if (!(await sessions.endOneOf(tx, row.id, sessionId))) return false
        await note(tx, 'session.ended', actor, row, { sessions: [sessionId] })
        return true
      }),

    /** The account as it is answered. */
    async present(row: UserRow): Promise<User> {
      return toUser(row, (await roles.namesOf(store.read, [row])).get(row.id))
    },

    /** The newest account, which nobody else changes until the commit. */
    lock: repository.lock,

    lockWeaker,

    findById: (id: string) => repository.findById(store.read, id),

    /** The same, as a transaction sees it. */
    findWithin: repository.findById,

    findByLogin: (key: string) => repository.findByLogin(store.read, key),

    recordSignIn: (tx: Queries, row: UserRow, newHash?: string) =>
      repository.recordSignIn(tx, row, toInstant(clock.now()), newHash),

    hasSuperuser: () => repository.hasSuperuser(store.read),
  }

  async function createWith<T>(body: NewUser, by: Creator, further: Further<T>): Promise<T> {
    if (isSignedIn(by)) {
      refuseFlags(body, by)
      if (staffPasswords === 'refused') refusePassword(body)
    } else if (by !== operator) refuseClosed(registration)
    const action = isSignedIn(by) || by === operator ? 'user.created' : 'user.registered'
    return make(body, by, async (tx, row) => {
      await note(tx, action, by, row, { after: toUser(row) })
      return further(tx, row)
    })
  }

  /** Makes an account, without a password where none is given, and what belongs to it. */
  async function make<T>(body: Invitation & Partial<NewUser>, by: Creator, further: Further<T>) {
    const { profile, errors } = readProfile(body, {
      phoneRegion,
      mayUseReserved: isSignedIn(by) || by === operator,
    })
    const complete = { ...emptyProfile, ...profile } as ProfileRow
    errors.push(...(await takenProblems(store.read, complete)))
    const { password } = body
    if (password !== undefined) errors.push(...(await passwords.check('password', password, body)))
    if (errors.length > 0) throw invalidFields(...errors)

    const passwordHash = password === undefined ? noPassword : await passwords.hash(password)
    return withUniqueNames(() =>
      store.write(async (tx) => {
        await refuseTaken(tx, complete)
        const row = await repository.insert(tx, {
          id: newId(),
          ...complete,
          passwordHash,
          isActive: body.is_active ?? true,
          isStaff: body.is_staff ?? false,
          isSuperuser: body.is_superuser ?? false,
          hasRoles: false,
          dateJoined: toInstant(clock.now()),
          lastLogin: neverSignedIn,
          version: 1,
          searchText: searchTextOf(complete),
        })
        return further(tx, row)
      }),
    )
  }

  /** The newest account, which nobody else changes until the commit, that holds no more than the caller. */
  async function lockWeaker(tx: Queries, id: string, actor: Principal, ifMatch?: string) {
    const row = await lockMatching(tx, id, ifMatch)
    await refuseStronger(tx, actor, row)
    return row
  }

  async function lockMatching(tx: Queries, id: string, ifMatch?: string) {
    const row = await repository.lock(tx, id)
    if (!row) throw new ProblemError('not_found', { detail: 'There is no such account.' })
    if (!isMatch(ifMatch, row)) {
      throw new ProblemError('precondition_failed', {
        detail: 'The account was changed meanwhile. Get it again and apply your change to that.',
      })
    }
    return row
  }

  function changesOf(row: UserRow, { patch, actor }: Edit): UserChanges {
    const mayUpdate = actor.can('users.update')
    const changed = changedMembers(row, patch)
    const flags = flagColumns(changed)
    refuseMembers(unsettable(actor, Object.keys(changed)))
    const { profile, errors } = readProfile(changed, { phoneRegion, mayUseReserved: mayUpdate })
    if (errors.length > 0) throw invalidFields(...errors)
    if (isSensitive(changed)) requireRecent(actor)
    return { ...profile, ...flags }
  }

  /** Only the holder sets a password, by giving the one in force (ASVS 6.2.3, 6.4.6). */
  async function preparePassword({ id, patch, actor }: Edit) {
    const { password, current_password: current } = patch
    if (password === undefined) return undefined
    if (id !== actor.user.id) refuseMembers(['password'])
    const profile = { ...toUser(actor.user), ...patch }
    return proveAndHash(actor, { field: 'password', current, password }, profile)
  }

  /** Verifies and hashes before the transaction; within it the proof must still hold. */
  async function proveAndHash(
    actor: Principal,
    { field, current, password }: PasswordChange,
    profile = toUser(actor.user),
  ) {
    requireRecent(actor)
    const { passwordHash: hash } = actor.user
    const isProven =
      current !== undefined && (await attempts.guard(actor, () => passwords.verify(hash, current)))
    const errors = await passwords.check(field, password, profile)
    if (!isProven) errors.unshift(incorrect)
    if (errors.length > 0) throw invalidFields(...errors)
    const passwordHash = await passwords.hash(password)
    return {
      applyTo(newest: UserRow): UserChanges {
        if (newest.passwordHash !== hash) throw invalidFields(incorrect)
        return { passwordHash }
      },
    }
  }

  /** Notes what was done to an account, in the transaction that does it. */
  function note(tx: Queries, action: AuditAction, by: Creator, row: UserRow, details = {}) {
    return audit.record(tx, { action, by, target: { type: 'user', id: row.id }, details })
  }

  async function save(
    tx: Queries,
    row: UserRow,
    changes: UserChanges,
    by: Creator,
    reason?: string,
  ) {
    if (Object.keys(changes).length === 0) return row
    const after = { ...row, ...changes }
    if (isActiveSuperuser(row) && !isActiveSuperuser(after)) await refuseLastSuperuser(tx, row.id)
    await refuseTaken(tx, changes, row.id)
    if (!after.isActive || changes.passwordHash) await oneTimeTokens.endAllOf(tx, row.id)
    if (!after.isActive) await sessions.endAllOf(tx, row.id)
    else if (changes.passwordHash) {
      await sessions.endAllOf(tx, row.id, isSignedIn(by) ? by.session.id : undefined)
    }
    if (changes.passwordHash) await note(tx, passwordAction(by), by, row)
    const saved = await repository.update(tx, row.id, {
      ...changes,
      searchText: searchTextOf(after),
    })
    const change = difference(toUser(row), toUser(saved))
    const isTold = 'is_active' in change.after && reason?.trim()
    const details = isTold ? { ...change, reason: isTold } : change
    if (Object.keys(change.after).length > 0) await note(tx, 'user.updated', by, row, details)
    return saved
  }

  /** Who could change an account that holds more could make it theirs. */
  async function refuseStronger(tx: Queries, actor: Principal, row: UserRow) {
    if (!(await roles.isStronger(tx, row, actor))) return
    throw new ProblemError('permission_denied', {
      detail: 'This account holds permissions that yours does not. Ask somebody who holds them.',
    })
  }

  /** Of two that go at the same moment, the second sees that the first is gone. */
  async function refuseLastSuperuser(tx: Queries, id: string) {
    await store.dialect.takeTurns(tx, ['superusers'])
    if (await repository.hasOtherSuperuser(tx, id)) return
    throw new ProblemError('last_superuser', {
      detail: 'This is the last active superuser. Make another account a superuser first.',
    })
  }

  /** No unique index spans names and addresses: those who want the same one take turns. */
  async function refuseTaken(tx: Queries, keys: Partial<ProfileRow>, exceptId?: string) {
    const wanted = [keys.usernameKey, keys.emailKey].filter((key) => key !== undefined)
    if (wanted.length === 0) return
    await store.dialect.takeTurns(
      tx,
      wanted.map((key) => `login ${key}`),
    )
    const errors = await takenProblems(tx, keys, exceptId)
    if (errors.length > 0) throw invalidFields(...errors)
  }

  async function takenProblems(queries: Queries, keys: Partial<ProfileRow>, exceptId?: string) {
    const { usernameKey, emailKey } = keys
    if (usernameKey === undefined && emailKey === undefined) return []
    const taken = await repository.findTaken(queries, { usernameKey, emailKey, exceptId })
    return [...(taken.username ? [usernameTaken] : []), ...(taken.email ? [emailTaken] : [])]
  }
}

function isActiveSuperuser({ isActive, isSuperuser }: UserRow): boolean {
  return isActive && isSuperuser
}

/** What is written in the transaction that makes an account. */
type Further<T> = (tx: Queries, row: UserRow) => Promise<T>

function passwordAction(by: Creator): AuditAction {
  if (isSignedIn(by)) return 'password.changed'
  return by === operator ? 'password.reset' : 'password.set'
}

function refuseClosed(registration: Config['registration']) {
  if (registration === 'open') return
  const detail = {
    invite: 'An account is opened here by invitation alone. Ask an administrator for one.',
    closed: 'No new accounts are opened here.',
  }
  throw new ProblemError('permission_denied', { detail: detail[registration] })
}

interface PasswordChange {
  readonly field: string
  readonly current: string | undefined
  readonly password: string
}

const incorrect = {
  field: 'current_password',
  code: 'password_incorrect',
  detail: 'Give the password in force; this is not it.',
} as const

const emptyProfile = { firstName: null, lastName: null, phoneNumber: null, address: null }
