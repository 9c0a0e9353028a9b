import type { TSchema } from 'typebox'
import { AuditEvent, AuditPage, AuditQuery, audit, HistoryQuery } from './audit.ts'
import type { Endpoint } from './endpoint.ts'
import { Invitation, Invited, invitations } from './invitations.ts'
import { OneTimeLink, PasswordChange, PasswordSetting, password } from './password.ts'
import { FieldProblem, Problem } from './problems.ts'
import {
  NewRole,
  PermissionInfo,
  PermissionList,
  permissionsList,
  Role,
  RoleList,
  RolePatch,
  roles,
} from './roles.ts'
import { ApiIndex, Health, health, index, Jwk, Jwks, jwks } from './server.ts'
import { Session, SessionList, sessions } from './sessions.ts'
import {
  AccessToken,
  AnyToken,
  Credentials,
  logout,
  Reauthentication,
  RefreshToken,
  SignOut,
  TokenPair,
  token,
} from './tokens.ts'
import {
  NewUser,
  Registration,
  RoleName,
  register,
  User,
  UserListQuery,
  UserPage,
  UserPatch,
  UserReplacement,
  UserRoles,
  users,
} from './users.ts'

export * from './audit.ts'
export * from './endpoint.ts'
export * from './invitations.ts'
export * from './password.ts'
export * from './permissions.ts'
export * from './problems.ts'
export * from './roles.ts'
export * from './server.ts'
export * from './sessions.ts'
export * from './tokens.ts'
export * from './users.ts'

/** The whole API. The key under which an endpoint stands is its operation id everywhere. */
export const endpoints = {
  register,
  token,
  users,
  password,
  sessions,
  roles,
  permissions: permissionsList,
  invitations,
  audit,
  logout,
  index,
  jwks,
  health,
}

export type Endpoints = typeof endpoints

/** The schemas that have a name of their own, in OpenAPI and in the SDK. */
export const schemas = {
  User,
  UserPage,
  UserListQuery,
  Registration,
  NewUser,
  UserPatch,
  UserReplacement,
  UserRoles,
  RoleName,
  Credentials,
  TokenPair,
  RefreshToken,
  SignOut,
  AnyToken,
  Reauthentication,
  AccessToken,
  PasswordChange,
  PasswordSetting,
  OneTimeLink,
  Invitation,
  Invited,
  AuditEvent,
  AuditPage,
  AuditQuery,
  HistoryQuery,
  Session,
  SessionList,
  Role,
  RoleList,
  NewRole,
  RolePatch,
  PermissionInfo,
  PermissionList,
  ApiIndex,
  Jwk,
  Jwks,
  Health,
  Problem,
  FieldProblem,
} satisfies Record<string, TSchema>

/** Every endpoint with its operation id, in the order of the documents. */
export function listEndpoints(): [operationId: string, endpoint: Endpoint][] {
  return Object.entries(endpoints).flatMap(([noun, entry]) =>
    'method' in entry
      ? [[noun, entry] as [string, Endpoint]]
      : Object.entries(entry as Record<string, Endpoint>).map(
          ([verb, endpoint]) => [`${noun}.${verb}`, endpoint] as [string, Endpoint],
        ),
  )
}
