import type { Permission } from '@rollcall/contract'
import type { SessionRow, UserRow } from '../../db/tables.ts'

/** Who calls: an active account and the session it signed in with. */
export interface Principal {
  readonly user: UserRow
  readonly session: SessionRow
  /** Whether the account holds the permission now. */
  can(permission: Permission): boolean
}

export function toPrincipal(row: { user: UserRow; session: SessionRow }): Principal {
  return { ...row, can: () => row.user.isSuperuser }
}
