/** Proves the generated types equal to the contract’s, both ways. Checked by `tsc`, never run. */
import type * as contract from '@rollcall/contract'
import type { Endpoints, Input, Output, ProblemOf } from '@rollcall/contract'
import type * as sdk from '../src/index.ts'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Does not compile unless every member is `true`. */
type AllTrue<T extends Record<keyof T, true>> = T

/** The members in one object, so that interfaces and intersections can be compared. */
type Flat<T> = { [Key in keyof T]: T[Key] }

type Schemas = typeof contract.schemas
type TypeOfSchema<S> = Output<{ readonly response: readonly [number, S] }>

/** The interfaces of the SDK under the names of the schemas that they must equal. */
interface Interfaces {
  User: sdk.User
  OwnUser: sdk.OwnUser
  UserPage: sdk.UserPage
  UserListQuery: sdk.UserListQuery
  Registration: sdk.Registration
  NewUser: sdk.NewUser
  UserPatch: sdk.UserPatch
  UserReplacement: sdk.UserReplacement
  UserRoles: sdk.UserRoles
  UserFilter: sdk.UserFilter
  UserExportQuery: sdk.UserExportQuery
  RoleName: sdk.RoleName
  BulkSelection: sdk.BulkSelection
  BulkActivation: sdk.BulkActivation
  BulkRole: sdk.BulkRole
  BulkOutcome: sdk.BulkOutcome
  BulkResult: sdk.BulkResult
  Credentials: sdk.Credentials
  TokenPair: sdk.TokenPair
  RefreshToken: sdk.RefreshToken
  SignOut: sdk.SignOut
  AnyToken: sdk.AnyToken
  Reauthentication: sdk.Reauthentication
  AccessToken: sdk.AccessToken
  Session: sdk.Session
  SessionList: sdk.SessionList
  Role: sdk.Role
  RoleList: sdk.RoleList
  NewRole: sdk.NewRole
  RolePatch: sdk.RolePatch
  PermissionInfo: sdk.PermissionInfo
  PermissionList: sdk.PermissionList
  PasswordChange: sdk.PasswordChange
  PasswordSetting: sdk.PasswordSetting
  OneTimeLink: sdk.OneTimeLink
  Invitation: sdk.Invitation
  Invited: sdk.Invited
  AuditEvent: sdk.AuditEvent
  AuditPage: sdk.AuditPage
  AuditQuery: sdk.AuditQuery
  HistoryQuery: sdk.HistoryQuery
  AuditChain: sdk.AuditChain
  Overview: sdk.Overview
  UserCounts: sdk.UserCounts
  DayCount: sdk.DayCount
  SystemState: sdk.SystemState
  Finding: sdk.Finding
  SigningKey: sdk.SigningKey
  SigningKeyList: sdk.SigningKeyList
  KeyRotation: sdk.KeyRotation
  Setup: sdk.Setup
  ApiIndex: sdk.ApiIndex
  Jwk: sdk.Jwk
  Jwks: sdk.Jwks
  Health: sdk.Health
  Problem: sdk.Problem
  FieldProblem: sdk.FieldProblem
}

export type SchemasAreEqual = AllTrue<{
  [Name in keyof Schemas]: Equal<Flat<TypeOfSchema<Schemas[Name]>>, Flat<Interfaces[Name]>>
}>

export type NamesAreEqual = AllTrue<{
  schemas: Equal<keyof Schemas, keyof Interfaces>
  problems: Equal<contract.ProblemCode, sdk.ProblemCode>
  fieldProblems: Equal<contract.FieldProblemCode, sdk.FieldProblemCode>
  permissions: Equal<contract.Permission, sdk.Permission>
  auditActions: Equal<contract.AuditAction, sdk.AuditAction>
  orderings: Equal<contract.UserOrdering, sdk.UserOrdering>
  exportFormats: Equal<contract.ExportFormat, sdk.ExportFormat>
  signingKeyStates: Equal<contract.SigningKeyState, sdk.SigningKeyState>
  operations: Equal<OperationIds<Endpoints>, sdk.OperationId>
}>

type OperationIds<All> = {
  [Noun in keyof All & string]: All[Noun] extends { readonly method: string }
    ? Noun
    : `${Noun}.${keyof All[Noun] & string}`
}[keyof All & string]

type At<All, Id> = Id extends keyof All
  ? All[Id]
  : Id extends `${infer Noun extends keyof All & string}.${infer Verb}`
    ? All[Noun][Verb & keyof All[Noun]]
    : never

export type ProblemsAreEqual = AllTrue<{
  [Id in sdk.OperationId]: Equal<ProblemOf<At<Endpoints, Id>>, sdk.ProblemCodes[Id]>
}>

export type MethodsAreEqual = AllTrue<{
  [Id in sdk.OperationId]: Equal<
    MethodOf<At<Endpoints, Id>, sdk.ProblemCodes[Id]>,
    At<sdk.Resources, Id>
  >
}>

type MethodOf<Spec, Code extends string> = (
  ...given: [...ParamsOf<Spec>, ...BodyOf<Spec>, ...QueryOf<Spec>, options?: OptionsOf<Spec>]
) => ResultOf<Spec, Code>

type ParamsOf<Spec> = Input<Spec>['params'] extends infer Params extends object
  ? [Params[keyof Params]]
  : []

type BodyOf<Spec> = Input<Spec>['body'] extends infer Body extends object ? [body: Body] : []

type QueryOf<Spec> = Input<Spec>['query'] extends infer Query extends object
  ? object extends Query
    ? [query?: Query]
    : [query: Query]
  : []

/** A conditional endpoint that takes something, or answers nothing, writes. */
type OptionsOf<Spec> = Spec extends { readonly conditional: true } & (
  | { readonly body: object }
  | { readonly response: readonly [number, null] }
)
  ? sdk.ConditionalOptions
  : Spec extends { readonly idempotent: true }
    ? sdk.KeyedOptions
    : sdk.CallOptions

type ResultOf<Spec, Code extends string> =
  Output<Spec> extends undefined
    ? sdk.Call<void, Code>
    : Output<Spec> extends AsyncIterable<string>
      ? sdk.Call<Response, Code>
      : PageOf<Spec> extends infer Page extends { results: unknown[]; next: string | null }
        ? sdk.List<Page, Page['results'][number], Code>
        : sdk.Call<Output<Spec>, Code>

/** What is asked for with a query goes on by its cursor. */
type PageOf<Spec> = Spec extends { readonly query: object } ? Output<Spec> : null
