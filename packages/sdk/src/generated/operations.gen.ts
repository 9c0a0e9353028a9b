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

/** Every operation of the API. */

export const operations: {
  readonly register: string
  readonly token: Verbs<TokenResource>
  readonly users: Verbs<UsersResource>
  readonly bulk: Verbs<BulkResource>
  readonly password: Verbs<PasswordResource>
  readonly sessions: Verbs<SessionsResource>
  readonly roles: Verbs<RolesResource>
  readonly permissions: Verbs<PermissionsResource>
  readonly invitations: Verbs<InvitationsResource>
  readonly audit: Verbs<AuditResource>
  readonly overview: string
  readonly system: string
  readonly keys: Verbs<KeysResource>
  readonly logout: string
  readonly setup: string
  readonly index: string
  readonly jwks: string
  readonly health: Verbs<HealthResource>
} = {
  register: 'POST /api/register/ body open keyed',
  token: {
    create: 'POST /api/token/ body open',
    refresh: 'POST /api/token/refresh/ body open',
    verify: 'POST /api/token/verify/ body open',
    reauthenticate: 'POST /api/token/reauthenticate/ body',
  },
  users: {
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
  },
  bulk: {
    activate: 'POST /api/users/bulk/activate/ body keyed',
    deactivate: 'POST /api/users/bulk/deactivate/ body keyed',
    delete: 'POST /api/users/bulk/delete/ body keyed',
    endSessions: 'POST /api/users/bulk/end-sessions/ body keyed',
    addRole: 'POST /api/users/bulk/add-role/ body keyed',
    removeRole: 'POST /api/users/bulk/remove-role/ body keyed',
  },
  password: {
    set: 'POST /api/password/set/ body open',
    change: 'POST /api/password/change/ body',
  },
  sessions: {
    list: 'GET /api/sessions/',
    delete: 'DELETE /api/sessions/:id/',
  },
  roles: {
    list: 'GET /api/roles/',
    create: 'POST /api/roles/ body',
    get: 'GET /api/roles/:id/',
    replace: 'PUT /api/roles/:id/ body',
    update: 'PATCH /api/roles/:id/ body',
    delete: 'DELETE /api/roles/:id/',
  },
  permissions: {
    list: 'GET /api/permissions/',
  },
  invitations: {
    create: 'POST /api/invitations/ body keyed',
  },
  audit: {
    list: 'GET /api/audit/ query paged',
    chain: 'GET /api/audit/chain/',
  },
  overview: 'GET /api/overview/',
  system: 'GET /api/system/',
  keys: {
    list: 'GET /api/keys/',
    rotate: 'POST /api/keys/rotate/ body',
  },
  logout: 'POST /api/logout/ body',
  setup: 'GET /api/setup/ open',
  index: 'GET /api/ open',
  jwks: 'GET /.well-known/jwks.json open',
  health: {
    live: 'GET /healthz open',
    ready: 'GET /readyz open',
  },
}
