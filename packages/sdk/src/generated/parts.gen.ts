// Made from the API contract by `pnpm --filter @rollcall/sdk generate`; never edited by hand.

import type { Verbs } from '../operation.ts'
import type {
  TokenResource,
  UsersResource,
  BulkResource,
  PasswordResource,
  SessionsResource,
  RolesResource,
  PermissionsResource,
  InvitationsResource,
  AuditResource,
  KeysResource,
  HealthResource,
} from './types.gen.ts'

export const register: string = 'POST /api/register/ body open keyed'

export const token: Verbs<TokenResource> = {
  create: 'POST /api/token/ body open',
  refresh: 'POST /api/token/refresh/ body open',
  verify: 'POST /api/token/verify/ body open',
  reauthenticate: 'POST /api/token/reauthenticate/ body',
}

export const users: Verbs<UsersResource> = {
  list: 'GET /api/users/ query paged',
  export: 'GET /api/users/export/ query stream',
  create: 'POST /api/users/ body keyed',
  me: 'GET /api/users/me/',
  replaceMe: 'PUT /api/users/me/ body',
  updateMe: 'PATCH /api/users/me/ body',
  deleteMe: 'DELETE /api/users/me/',
  get: 'GET /api/users/:id/',
  replace: 'PUT /api/users/:id/ body',
  update: 'PATCH /api/users/:id/ body',
  setRoles: 'PUT /api/users/:id/roles/ body',
  sessions: 'GET /api/users/:id/sessions/',
  endSessions: 'DELETE /api/users/:id/sessions/',
  audit: 'GET /api/users/:id/audit/ query paged',
  myAudit: 'GET /api/users/me/audit/ query paged',
  passwordLink: 'POST /api/users/:id/password-link/',
  delete: 'DELETE /api/users/:id/',
}

export const bulk: Verbs<BulkResource> = {
  activate: 'POST /api/users/bulk/activate/ body keyed',
  deactivate: 'POST /api/users/bulk/deactivate/ body keyed',
  delete: 'POST /api/users/bulk/delete/ body keyed',
  endSessions: 'POST /api/users/bulk/end-sessions/ body keyed',
  addRole: 'POST /api/users/bulk/add-role/ body keyed',
  removeRole: 'POST /api/users/bulk/remove-role/ body keyed',
}

export const password: Verbs<PasswordResource> = {
  set: 'POST /api/password/set/ body open',
  change: 'POST /api/password/change/ body',
}

export const sessions: Verbs<SessionsResource> = {
  list: 'GET /api/sessions/',
  delete: 'DELETE /api/sessions/:id/',
}

export const roles: Verbs<RolesResource> = {
  list: 'GET /api/roles/',
  create: 'POST /api/roles/ body',
  get: 'GET /api/roles/:id/',
  replace: 'PUT /api/roles/:id/ body',
  update: 'PATCH /api/roles/:id/ body',
  delete: 'DELETE /api/roles/:id/',
}

export const permissions: Verbs<PermissionsResource> = {
  list: 'GET /api/permissions/',
}

export const invitations: Verbs<InvitationsResource> = {
  create: 'POST /api/invitations/ body keyed',
}

export const audit: Verbs<AuditResource> = {
  list: 'GET /api/audit/ query paged',
  chain: 'GET /api/audit/chain/',
}

export const overview: string = 'GET /api/overview/'

export const system: string = 'GET /api/system/'

export const keys: Verbs<KeysResource> = {
  list: 'GET /api/keys/',
  rotate: 'POST /api/keys/rotate/ body',
}

export const logout: string = 'POST /api/logout/ body'

export const setup: string = 'GET /api/setup/ open'

export const index: string = 'GET /api/ open'

export const jwks: string = 'GET /.well-known/jwks.json open'

export const health: Verbs<HealthResource> = {
  live: 'GET /healthz open',
  ready: 'GET /readyz open',
}
