import type { RoleName, User } from '@rollcall/contract'
import type { UserRow } from '../../db/tables.ts'
import type { ListedUser } from './list-repository.ts'

/** Kept in `last_login` until the first sign-in: `null` sorts differently on the two databases. */
export const neverSignedIn = '1970-01-01T00:00:00.000Z'

/** The account as it is answered. */
export function toUser(row: ListedUser, roles: RoleName[] = []): User {
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    first_name: row.firstName,
    last_name: row.lastName,
    phone_number: row.phoneNumber,
    address: row.address,
    is_active: row.isActive,
    is_staff: row.isStaff,
    is_superuser: row.isSuperuser,
    roles,
    date_joined: row.dateJoined,
    last_login: row.lastLogin === neverSignedIn ? null : row.lastLogin,
  }
}

/** Changes with every edit of the account, and not when it signs in. */
export function etagOf(row: UserRow): string {
  return `"${row.version}"`
}

/** Whether `If-Match` allows a write on this version (RFC 9110, section 13.1.1). */
export function isMatch(ifMatch: string | undefined, row: UserRow): boolean {
  if (ifMatch === undefined || ifMatch.trim() === '*') return true
  return ifMatch.split(',').some((tag) => tag.trim() === etagOf(row))
}
