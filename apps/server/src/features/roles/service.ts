import {
  type AuditAction,
  mostRoles,
  type NewRole,
  type Permission,
  type Role,
  type RoleName,
  type RolePatch,
} from '@rollcall/contract'
import { canonical } from '../../canonical.ts'
import { type Clock, toInstant } from '../../clock.ts'
import { newId } from '../../crypto.ts'
import { isUniqueViolation } from '../../db/errors.ts'
import type { Queries, Store } from '../../db/store.ts'
import type { RoleRow, UserRow } from '../../db/tables.ts'
import { invalidFields, ProblemError } from '../../problem.ts'
import { type AuditService, difference } from '../audit/service.ts'
import type { Holder, Principal } from '../sessions/principal.ts'
import { requireRecent } from '../sessions/recent.ts'
import { createRolesRepository } from './repository.ts'

/** What an account holds: everything, or these. */
export type Rights = 'everything' | ReadonlySet<Permission>

/** The ids of the roles that an account shall hold, of those that it holds now. */
export type ChooseRoles = (held: string[]) => string[]

export type RolesService = ReturnType<typeof createRolesService>

/** Makes and changes roles, gives them to accounts, and tells what an account may do. */
export function createRolesService(dependencies: {
  store: Store
  clock: Clock
  audit: AuditService
}) {
  const { store, clock, audit } = dependencies
  const repository = createRolesRepository(store.tables)

  return {
    async list(): Promise<Role[]> {
      const holders = await holdersOf(store.read)
      return (await repository.list(store.read)).map((row) => toRole(row, holders.get(row.id)))
    },

    async get(id: string): Promise<Role> {
      const row = found(await repository.findById(store.read, id))
      return toRole(row, (await holdersOf(store.read, id)).get(id))
    },

    exists: async (id: string): Promise<boolean> =>
      (await repository.findById(store.read, id)) !== undefined,

    async create(body: NewRole, actor: Principal): Promise<Role> {
      refuseUnheld(actor, body.permissions, 'permissions')
      requireRecent(actor)
      const row = {
        id: newId(),
        name: body.name,
        nameKey: canonical(body.name),
        description: body.description ?? '',
        permissions: JSON.stringify(body.permissions),
        createdAt: toInstant(clock.now()),
      }
      await withUniqueName(() =>
        store.write(async (tx) => {
          await repository.insert(tx, row)
          await note(tx, 'role.created', actor, row, { after: toSet(row) })
        }),
      )
      return toRole(row)
    },

    /** Changes a role; whoever holds it has the new permissions from the next request on. */
    update: (id: string, patch: RolePatch, actor: Principal): Promise<Role> =>
      withUniqueName(() =>
        store.write(async (tx) => {
          const row = found(await repository.lock(tx, id))
          const permissions = patch.permissions ?? permissionsOf(row)
          refuseUnheld(actor, [...permissionsOf(row), ...permissions], 'permissions')
          requireRecent(actor)
          const name = patch.name ?? row.name
          const changed = {
            ...row,
            name,
            nameKey: canonical(name),
            description: patch.description ?? row.description,
            permissions: JSON.stringify(permissions),
          }
          await repository.update(tx, changed)
          const change = difference(toSet(row), toSet(changed))
          await note(tx, 'role.updated', actor, row, change)
          return toRole(changed, (await holdersOf(tx, id)).get(id))
        }),
      ),

    remove: (id: string, actor: Principal) =>
      store.write(async (tx) => {
        const row = found(await repository.lock(tx, id))
        refuseUnheld(actor, permissionsOf(row), 'permissions')
        await repository.delete(tx, id)
        await note(tx, 'role.deleted', actor, row, { before: toSet(row) })
      }),

    /**
     * Gives an account the roles that `choose` answers of those it holds, and no others; the
     * caller has locked its row, and notes it. Answers what has changed, if anything has.
     */
    async setOfUser(tx: Queries, user: UserRow, choose: ChooseRoles, actor: Principal) {
      const before = await repository.ofUser(tx, user.id)
      const ids = choose(before.map(({ id }) => id))
      if (isSame(before, ids)) return undefined
      if (ids.length > mostRoles) throw invalidFields(tooMany)
      const after = await repository.lockAll(tx, ids)
      if (after.length < ids.length) throw invalidFields(unknownRole)
      const isKept = ({ id }: RoleRow) => before.some((role) => role.id === id) && ids.includes(id)
      const moved = [...before, ...after].filter((role) => !isKept(role))
      refuseUnheld(actor, moved.flatMap(permissionsOf), 'roles')
      await repository.setOfUser(tx, user.id, ids)
      const names = (rows: RoleRow[]) => rows.map(({ name }) => name).sort()
      return { before: { roles: names(before) }, after: { roles: names(after) } }
    },

    rightsOf,

    /** Whether an account holds more than somebody does: permissions, or the way into the panel. */
    async isStronger(queries: Queries, row: UserRow, { user, holds }: Holder): Promise<boolean> {
      if (row.id === user.id) return false
      if (row.isStaff && !user.isStaff && !user.isSuperuser) return true
      return !holds(await rightsOf(queries, row))
    },

    /** The names of the roles of accounts, by their id; asks only about those that hold any. */
    async namesOf(
      queries: Queries,
      users: readonly Pick<UserRow, 'id' | 'hasRoles'>[],
    ): Promise<Map<string, RoleName[]>> {
      const holders = users.filter(({ hasRoles }) => hasRoles).map(({ id }) => id)
      const names = new Map<string, RoleName[]>()
      if (holders.length === 0) return names
      for (const { userId, id, name } of await repository.namesOfUsers(queries, holders)) {
        names.set(userId, [...(names.get(userId) ?? []), { id, name }])
      }
      return names
    },
  }

  /** What the account may do now. */
  async function rightsOf(queries: Queries, user: UserRow): Promise<Rights> {
    if (user.isSuperuser) return 'everything'
    if (!user.hasRoles) return nothing
    return new Set((await repository.ofUser(queries, user.id)).flatMap(permissionsOf))
  }

  async function holdersOf(queries: Queries, id?: string): Promise<Map<string, number>> {
    const rows = await repository.countHolders(queries, id)
    return new Map(rows.map((row) => [row.id, row.holders]))
  }

  function note(tx: Queries, action: AuditAction, by: Principal, { id }: RoleRow, details: object) {
    return audit.record(tx, { action, by, target: { type: 'role', id }, details: { ...details } })
  }
}

const nothing: ReadonlySet<Permission> = new Set()

function permissionsOf(row: RoleRow): Permission[] {
  return JSON.parse(row.permissions)
}

function toRole(row: RoleRow, holders = 0): Role {
  return { ...toSet(row), holders }
}

/** The role by itself, whoever holds it. */
function toSet(row: RoleRow): Omit<Role, 'holders'> {
  const { id, name, description, createdAt } = row
  return { id, name, description, permissions: permissionsOf(row), created_at: createdAt }
}

function isSame(roles: readonly RoleRow[], ids: readonly string[]): boolean {
  return roles.length === ids.length && roles.every(({ id }) => ids.includes(id))
}

function found(row: RoleRow | undefined): RoleRow {
  if (!row) throw new ProblemError('not_found', { detail: 'There is no such role.' })
  return row
}

/** Nobody grants, changes or withdraws what they do not hold. */
function refuseUnheld(actor: Principal, permissions: readonly Permission[], field: string) {
  const unheld = [...new Set(permissions)].filter((permission) => !actor.can(permission))
  if (unheld.length === 0) return
  const detail = `Your account does not hold: ${unheld.join(', ')}.`
  throw new ProblemError('permission_denied', {
    detail,
    errors: [{ field, code: 'read_only', detail }],
  })
}

const tooMany = {
  field: 'roles',
  code: 'invalid',
  detail: `An account holds at most ${mostRoles} roles.`,
} as const

const unknownRole = { field: 'roles', code: 'invalid', detail: 'There is no such role.' } as const

const nameTaken = {
  field: 'name',
  code: 'unique',
  detail: 'A role with this name exists already.',
} as const

async function withUniqueName<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isUniqueViolation(error, 'name_key')) throw invalidFields(nameTaken)
    throw error
  }
}
