import type { Me } from './auth-state.ts'
import type { Permission } from './generated/types.gen.ts'

/** Whether the account may do this; nobody may do anything where there is no account. */
export function can(user: Me | null | undefined, permission: Permission): boolean {
  return user?.permissions.includes(permission) ?? false
}
