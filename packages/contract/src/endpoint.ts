import type { Static, TObject, TSchema } from 'typebox'
import type { Access } from './permissions.ts'
import type { ProblemCode } from './problems.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type Tag =
  | 'Accounts'
  | 'Tokens'
  | 'Sessions'
  | 'Users'
  | 'Bulk'
  | 'Roles'
  | 'Audit'
  | 'System'
  | 'Keys'
  | 'Server'

/** An answer of any length, sent while it is made, in the media type that the caller asks for. */
export interface Stream {
  readonly description: string
  readonly mediaTypes: Readonly<Record<string, MediaType>>
}

/** What a stream holds when it is of this type. */
export interface MediaType {
  readonly description: string
  readonly example: string
}

/** What every endpoint states, besides its method and path. */
export interface EndpointSpec {
  readonly tag: Tag
  /** One sentence without a full stop: the title in the documents. */
  readonly summary: string
  /** The effect in full, with what can fail: the doc comment in the SDK. */
  readonly description: string
  readonly access: Access
  readonly params?: TObject
  readonly query?: TObject
  readonly body?: TObject
  /** The one success status and the schema of its body, or a stream; `null` where there is no body. */
  readonly response: readonly [status: number, body: TSchema | Stream | null]
  /** Answers an `ETag`; one that writes honours `If-Match` and lists `precondition_failed`. */
  readonly conditional?: true
  /** Honours an `Idempotency-Key`: the same one again does nothing more, and answers the same. */
  readonly idempotent?: true
  /** Problems of its own; those that follow from the other members are added by `problemsOf`. */
  readonly problems?: readonly ProblemCode[]
  readonly example: Example
}

/** A call that works, and what it answers; a test replays each against a live server. */
export interface Example {
  readonly params?: Record<string, string>
  readonly query?: Record<string, string>
  readonly body?: Record<string, unknown>
  readonly response?: unknown
}

export interface Endpoint extends EndpointSpec {
  readonly method: Method
  readonly path: `/${string}`
}

/** Writes an endpoint down: `endpoint('PATCH /api/users/:id/', { ... })`. */
export function endpoint<const Spec extends EndpointSpec, const Verb extends Method>(
  route: `${Verb} /${string}`,
  spec: Spec,
): Spec & { readonly method: Verb; readonly path: `/${string}` } {
  const [method, path] = route.split(' ') as [Verb, `/${string}`]
  return { ...spec, method, path }
}

/** Whether a success is answered as a stream, and not as JSON. */
export function isStream(body: TSchema | Stream | null): body is Stream {
  return body !== null && 'mediaTypes' in body
}

type Part<Spec, Key extends keyof EndpointSpec> = Spec extends {
  readonly [K in Key]: infer S extends TSchema
}
  ? Static<S>
  : undefined

/** What a handler of the endpoint is given, validated. */
export interface Input<Spec> {
  readonly params: Part<Spec, 'params'>
  readonly query: Part<Spec, 'query'>
  readonly body: Part<Spec, 'body'>
}

/** What the endpoint answers when it succeeds; of a stream its text, part by part. */
export type Output<Spec> = Spec extends { readonly response: readonly [number, infer S] }
  ? S extends Stream
    ? AsyncIterable<string>
    : S extends TSchema
      ? Static<S>
      : // A handler without a body may be a function that returns nothing.
        // biome-ignore lint/suspicious/noConfusingVoidType: `undefined` would make it say so.
        void
  : never

/** Whoever may send a body may send a wrong one, also where none is wanted. */
type BodyProblem = 'payload_too_large' | 'unsupported_media_type'

type KeyProblem = 'idempotency_in_flight' | 'idempotency_mismatch'

/** A malformed URL, an unknown query parameter, a flood and a fault can meet every endpoint. */
type AnyProblem =
  | 'validation_failed'
  | 'parse_error'
  | 'throttled'
  | 'internal_error'
  | 'service_unavailable'

/** The codes of every problem that the endpoint can answer. */
export type ProblemOf<Spec> =
  | AnyProblem
  | (Spec extends { readonly problems: readonly (infer Code extends ProblemCode)[] } ? Code : never)
  | (Spec extends { readonly method: 'GET' } ? never : BodyProblem)
  | (Spec extends { readonly idempotent: true } ? KeyProblem : never)
  | (Spec extends { readonly params: TSchema } ? 'not_found' : never)
  | (Spec extends { readonly access: { readonly kind: 'anyone' } }
      ? never
      : 'not_authenticated' | 'token_not_valid')
  | (Spec extends { readonly access: { readonly permission: string } }
      ? 'permission_denied'
      : never)

/** `ProblemOf` as a value: its own first, then those that follow from its members. */
export function problemsOf(spec: Endpoint): ProblemCode[] {
  const codes = new Set<ProblemCode>(spec.problems)
  codes.add('validation_failed').add('parse_error')
  if (spec.method !== 'GET') codes.add('payload_too_large').add('unsupported_media_type')
  if (spec.idempotent) codes.add('idempotency_in_flight').add('idempotency_mismatch')
  if (spec.params) codes.add('not_found')
  if (spec.access.kind !== 'anyone') codes.add('not_authenticated').add('token_not_valid')
  if ('permission' in spec.access) codes.add('permission_denied')
  return [...codes.add('throttled').add('internal_error').add('service_unavailable')]
}
