// Made from the API contract by `pnpm --filter @rollcall/sdk generate`; never edited by hand.

import type { OperationId } from './types.gen.ts'

export interface Operation {
  readonly method: string
  readonly path: string
  /** The one argument besides the path parameters and the options. */
  readonly takes?: 'body' | 'query'
  /** Sent with the access token; the others never are. */
  readonly needsToken?: true
  /** Answers a page, and can be walked through. */
  readonly paged?: true
  /** Answers something of any length, which the caller reads. */
  readonly streams?: true
}

/** Every operation of the API by its id. */
export const operations: Record<OperationId, Operation> = {
  register: { method: 'POST', path: '/api/register/', takes: 'body' },
  'token.create': { method: 'POST', path: '/api/token/', takes: 'body' },
  'token.refresh': { method: 'POST', path: '/api/token/refresh/', takes: 'body' },
  'token.verify': { method: 'POST', path: '/api/token/verify/', takes: 'body' },
  'token.reauthenticate': {
    method: 'POST',
    path: '/api/token/reauthenticate/',
    takes: 'body',
    needsToken: true,
  },
  'users.list': {
    method: 'GET',
    path: '/api/users/',
    takes: 'query',
    needsToken: true,
    paged: true,
  },
  'users.export': {
    method: 'GET',
    path: '/api/users/export/',
    takes: 'query',
    needsToken: true,
    streams: true,
  },
  'users.create': { method: 'POST', path: '/api/users/', takes: 'body', needsToken: true },
  'users.me': { method: 'GET', path: '/api/users/me/', needsToken: true },
  'users.replaceMe': { method: 'PUT', path: '/api/users/me/', takes: 'body', needsToken: true },
  'users.updateMe': { method: 'PATCH', path: '/api/users/me/', takes: 'body', needsToken: true },
  'users.deleteMe': { method: 'DELETE', path: '/api/users/me/', needsToken: true },
  'users.get': { method: 'GET', path: '/api/users/:id/', needsToken: true },
  'users.replace': { method: 'PUT', path: '/api/users/:id/', takes: 'body', needsToken: true },
  'users.update': { method: 'PATCH', path: '/api/users/:id/', takes: 'body', needsToken: true },
  'users.setRoles': {
    method: 'PUT',
    path: '/api/users/:id/roles/',
    takes: 'body',
    needsToken: true,
  },
  'users.sessions': { method: 'GET', path: '/api/users/:id/sessions/', needsToken: true },
  'users.endSessions': { method: 'DELETE', path: '/api/users/:id/sessions/', needsToken: true },
  'users.audit': {
    method: 'GET',
    path: '/api/users/:id/audit/',
    takes: 'query',
    needsToken: true,
    paged: true,
  },
  'users.myAudit': {
    method: 'GET',
    path: '/api/users/me/audit/',
    takes: 'query',
    needsToken: true,
    paged: true,
  },
  'users.passwordLink': { method: 'POST', path: '/api/users/:id/password-link/', needsToken: true },
  'users.delete': { method: 'DELETE', path: '/api/users/:id/', needsToken: true },
  'bulk.activate': {
    method: 'POST',
    path: '/api/users/bulk/activate/',
    takes: 'body',
    needsToken: true,
  },
  'bulk.deactivate': {
    method: 'POST',
    path: '/api/users/bulk/deactivate/',
    takes: 'body',
    needsToken: true,
  },
  'bulk.delete': {
    method: 'POST',
    path: '/api/users/bulk/delete/',
    takes: 'body',
    needsToken: true,
  },
  'bulk.endSessions': {
    method: 'POST',
    path: '/api/users/bulk/end-sessions/',
    takes: 'body',
    needsToken: true,
  },
  'bulk.addRole': {
    method: 'POST',
    path: '/api/users/bulk/add-role/',
    takes: 'body',
    needsToken: true,
  },
  'bulk.removeRole': {
    method: 'POST',
    path: '/api/users/bulk/remove-role/',
    takes: 'body',
    needsToken: true,
  },
  'password.set': { method: 'POST', path: '/api/password/set/', takes: 'body' },
  'password.change': {
    method: 'POST',
    path: '/api/password/change/',
    takes: 'body',
    needsToken: true,
  },
  'sessions.list': { method: 'GET', path: '/api/sessions/', needsToken: true },
  'sessions.delete': { method: 'DELETE', path: '/api/sessions/:id/', needsToken: true },
  'roles.list': { method: 'GET', path: '/api/roles/', needsToken: true },
  'roles.create': { method: 'POST', path: '/api/roles/', takes: 'body', needsToken: true },
  'roles.get': { method: 'GET', path: '/api/roles/:id/', needsToken: true },
  'roles.replace': { method: 'PUT', path: '/api/roles/:id/', takes: 'body', needsToken: true },
  'roles.update': { method: 'PATCH', path: '/api/roles/:id/', takes: 'body', needsToken: true },
  'roles.delete': { method: 'DELETE', path: '/api/roles/:id/', needsToken: true },
  'permissions.list': { method: 'GET', path: '/api/permissions/', needsToken: true },
  'invitations.create': {
    method: 'POST',
    path: '/api/invitations/',
    takes: 'body',
    needsToken: true,
  },
  'audit.list': {
    method: 'GET',
    path: '/api/audit/',
    takes: 'query',
    needsToken: true,
    paged: true,
  },
  'audit.chain': { method: 'GET', path: '/api/audit/chain/', needsToken: true },
  overview: { method: 'GET', path: '/api/overview/', needsToken: true },
  system: { method: 'GET', path: '/api/system/', needsToken: true },
  'keys.list': { method: 'GET', path: '/api/keys/', needsToken: true },
  'keys.rotate': { method: 'POST', path: '/api/keys/rotate/', takes: 'body', needsToken: true },
  logout: { method: 'POST', path: '/api/logout/', takes: 'body', needsToken: true },
  setup: { method: 'GET', path: '/api/setup/' },
  index: { method: 'GET', path: '/api/' },
  jwks: { method: 'GET', path: '/.well-known/jwks.json' },
  'health.live': { method: 'GET', path: '/healthz' },
  'health.ready': { method: 'GET', path: '/readyz' },
}
