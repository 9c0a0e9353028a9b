import { type Permission, permissions } from '@rollcall/contract'
import type { SessionRow, UserRow } from '../../db/tables.ts'
import type { Origin } from '../audit/origin.ts'
import type { Rights } from '../roles/service.ts'

/** An account, and what it may do now. */
export interface Holder {
  readonly user: UserRow
  /** Whether the account holds the permission now. */
  can(permission: Permission): boolean
  /** Whether the account holds all that these rights allow. */
  holds(rights: Rights): boolean
}

/** Who calls: an active account, the session it signed in with, and what it may do now. */
export interface Principal extends Holder {
  readonly session: SessionRow
  readonly origin: Origin
  /** Whether the person gave the password lately, as sensitive changes demand. */
  readonly isRecent: boolean
}

export function toPrincipal(
  row: { user: UserRow; session: SessionRow; origin: Origin; isRecent: boolean },
  own: Rights,
): Principal {
  return { ...row, ...toHolder(row.user, own) }
}

export function toHolder(user: UserRow, own: Rights): Holder {
  const can = (permission: Permission) => own === 'everything' || own.has(permission)
  return {
    user,
    can,
    holds: (rights) => own === 'everything' || (rights !== 'everything' && [...rights].every(can)),
  }
}

const allPermissions = Object.keys(permissions) as Permission[]

/** All that the account may do now. */
export function permissionsOf({ can }: Principal): Permission[] {
  return allPermissions.filter(can)
}
