import type { Access } from '@rollcall/contract'
import type { Principal } from '../features/sessions/principal.ts'
import { ProblemError } from '../problem.ts'

/** Refuses a caller whom the endpoint's access does not name. */
export function authorize(access: Access, principal: Principal, params: unknown) {
  if (!isAllowed(access, principal, params)) {
    throw new ProblemError('permission_denied', {
      detail: 'Your account may not do this. Ask an administrator for the permission.',
    })
  }
}

function isAllowed(access: Access, principal: Principal, params: unknown): boolean {
  switch (access.kind) {
    case 'anyone':
    case 'signedIn':
      return true
    case 'permission':
      return principal.can(access.permission)
    case 'ownOrPermission':
      return idOf(params) === principal.user.id || principal.can(access.permission)
  }
}

function idOf(params: unknown): unknown {
  return (params as { id?: unknown } | null)?.id
}
