import type { NewUser, UserPatch } from '@rollcall/contract'
import type { UserRow } from '../../db/tables.ts'
import { ProblemError } from '../../problem.ts'
import type { Principal } from '../sessions/principal.ts'
import { requireRecent } from '../sessions/recent.ts'
import type { UserChanges } from './repository.ts'
import { toUser } from './representation.ts'

/** Who may set which members of an account. */

/** What GET returned can be sent back: members that equal what is stored change nothing. */
export function changedMembers(row: UserRow, { reason: _, ...patch }: UserPatch): UserPatch {
  const stored: Record<string, unknown> = { ...toUser(row) }
  return Object.fromEntries(
    Object.entries(patch).filter(([member, value]) => stored[member] !== value),
  )
}

/** The members that the caller may not set. */
export function unsettable(actor: Principal, members: string[]): string[] {
  return members.filter((member) => !maySet(actor, member))
}

/** Nobody grants what they do not hold. */
function maySet(actor: Principal, member: string): boolean {
  if (member === 'is_active') return actor.can('users.activate')
  if (member === 'is_staff')
    return actor.can('users.update') && (actor.user.isStaff || actor.user.isSuperuser)
  if (member === 'is_superuser') return actor.user.isSuperuser
  return true
}

export function refuseMembers(members: string[]): void {
  if (members.length === 0) return
  const detail = 'Your account may not change this member.'
  throw new ProblemError('permission_denied', {
    detail: `Your account may not change: ${members.join(', ')}.`,
    errors: members.map((field) => ({ field, code: 'read_only', detail })),
  })
}

/** An account is made active and without rights; anything else must be held to be given. */
export function refuseFlags(body: NewUser, actor: Principal): void {
  const usual: Record<string, boolean> = { is_active: true, is_staff: false, is_superuser: false }
  const unusual = Object.keys(usual).filter(
    (member) => (body as Record<string, unknown>)[member] === !usual[member],
  )
  refuseMembers(unsettable(actor, unusual))
  if (grantsRights(body)) requireRecent(actor)
}

/** Who makes an account knows no password of it: its holder sets one by a link (ASVS 6.4.6). */
export function refusePassword({ password }: NewUser): void {
  if (password === undefined) return
  const detail =
    'Staff choose no passwords. Leave `password` out, and give the holder the link of POST /api/users/{id}/password-link/.'
  throw new ProblemError('permission_denied', {
    detail,
    errors: [{ field: 'password', code: 'read_only', detail }],
  })
}

/** What leads to an account, and what rights it has: not to be changed with a session alone. */
export function isSensitive(patch: UserPatch): boolean {
  return patch.username !== undefined || patch.email !== undefined || grantsRights(patch)
}

function grantsRights({ is_staff: isStaff, is_superuser: isSuperuser }: UserPatch): boolean {
  return isStaff === true || isSuperuser === true
}

const flagsOf = { is_active: 'isActive', is_staff: 'isStaff', is_superuser: 'isSuperuser' } as const

export function flagColumns(patch: UserPatch): UserChanges {
  const columns: UserChanges = {}
  for (const [member, column] of Object.entries(flagsOf)) {
    const value = patch[member as keyof typeof flagsOf]
    if (value !== undefined) columns[column] = value
  }
  return columns
}
