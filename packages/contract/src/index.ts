import type { TSchema } from 'typebox'
import {
  NewUser,
  OwnUser,
  Registration,
  RoleName,
  User,
  UserPatch,
  UserReplacement,
  UserRoles,
} from './accounts.ts'
import { AuditChain, AuditEvent, AuditPage, AuditQuery, audit, HistoryQuery } from './audit.ts'
import { BulkActivation, BulkOutcome, BulkResult, BulkRole, BulkSelection, bulk } from './bulk.ts'
import type { Endpoint } from './endpoint.ts'
import { Invitation, Invited, invitations } from './invitations.ts'
import { KeyRotation, keys, SigningKey, SigningKeyList } from './keys.ts'
import { DayCount, Overview, overview, UserCounts } from './overview.ts'
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
import { Finding, Setup, SystemState, setup, system } from './system.ts'
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
import { UserExportQuery, UserFilter, UserListQuery, UserPage } from './user-lists.ts'
import { register, users } from './users.ts'

export * from './accounts.ts'
export * from './audit.ts'
export * from './bulk.ts'
export * from './endpoint.ts'
export * from './invitations.ts'
export * from './keys.ts'
export * from './overview.ts'
export * from './password.ts'
export * from './permissions.ts'
export * from './problems.ts'
export * from './roles.ts'
export * from './server.ts'
export * from './sessions.ts'
export * from './system.ts'
export * from './tokens.ts'
export * from './user-lists.ts'
export * from './users.ts'

/** The whole API. The key under which an endpoint stands is its operation id everywhere. */
export const endpoints = {
  register,
  token,
  users,
  bulk,
  password,
  sessions,
  roles,
  permissions: permissionsList,
  invitations,
  audit,
  overview,
  system,
  keys,
  logout,
  setup,
  index,
  jwks,
  health,
}

export type Endpoints = typeof endpoints

/** The schemas that have a name of their own, in OpenAPI and in the SDK. */
export const schemas = {
  User,
  OwnUser,
  UserPage,
  UserListQuery,
  UserFilter,
  UserExportQuery,
  Registration,
  NewUser,
  UserPatch,
  UserReplacement,
  UserRoles,
  RoleName,
  BulkSelection,
  BulkActivation,
  BulkRole,
  BulkOutcome,
  BulkResult,
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
  AuditChain,
  Overview,
  UserCounts,
  DayCount,
  SystemState,
  Finding,
  SigningKey,
  SigningKeyList,
  KeyRotation,
  Session,
  SessionList,
  Role,
  RoleList,
  NewRole,
  RolePatch,
  PermissionInfo,
  PermissionList,
  Setup,
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
