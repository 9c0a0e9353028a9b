import type {
  FieldProblem,
  FieldProblemCode,
  OperationId,
  ProblemCode,
  ProblemCodes,
} from './generated/types.gen.ts'

declare const unknownCode: unique symbol

/** A code that this version of the SDK does not know: that of a later server, or of a proxy. */
export type UnknownCode = string & { readonly [unknownCode]: true }

/** What is wrong with one member of the input. */
export interface FieldError extends Omit<FieldProblem, 'code'> {
  readonly code: FieldProblemCode | UnknownCode
}

/** What an `ApiError` says. */
export interface ApiErrorDetails<Code extends string = ProblemCode | UnknownCode> {
  /** The HTTP status. */
  readonly status: number
  /** What went wrong, for programs. */
  readonly code: Code
  /** What went wrong and what to do about it, for people. */
  readonly detail: string
  /** Names the request in the logs of the server; absent when a proxy answered in its place. */
  readonly requestId: string | undefined
  /** How many seconds to wait before trying again, where the server says so. */
  readonly retryAfter: number | undefined
  /** Every member of the input that is not valid; empty unless the code is `validation_failed`. */
  readonly fields: readonly FieldError[]
}

/** The server refused a call. Use `isApiError` rather than `instanceof` to recognise one. */
export class ApiError<Code extends string = ProblemCode | UnknownCode>
  extends Error
  implements ApiErrorDetails<Code>
{
  override readonly name = 'ApiError'
  /** The call that was refused. */
  readonly operation: OperationId
  readonly status: number
  readonly code: Code
  readonly detail: string
  readonly requestId: string | undefined
  readonly retryAfter: number | undefined
  readonly fields: readonly FieldError[]

  constructor(operation: OperationId, details: ApiErrorDetails<Code>, options?: ErrorOptions) {
    super(`${operation}: ${details.status} ${details.code}: ${details.detail}`, options)
    this.operation = operation
    this.status = details.status
    this.code = details.code
    this.detail = details.detail
    this.requestId = details.requestId
    this.retryAfter = details.retryAfter
    this.fields = details.fields
    Object.defineProperty(this, brand, { value: true })
  }
}

/** No usable answer came: no connection, no time left, or somebody else answered. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
}

/**
 * Whether the error is a refusal by the server, and if asked: by this operation, with the codes
 * it can be refused with, or with this code. Works across copies of the package.
 */
export function isApiError(error: unknown): error is ApiError
export function isApiError<Id extends OperationId>(
  error: unknown,
  operation: Id,
): error is ApiError<ProblemCodes[Id] | UnknownCode>
export function isApiError<Code extends ProblemCode>(
  error: unknown,
  code: Code,
): error is ApiError<Code>
export function isApiError(error: unknown, which?: OperationId | ProblemCode): boolean {
  if (!isBranded(error)) return false
  return which === undefined || error.operation === which || error.code === which
}

/** `instanceof` fails where two copies of the package meet, as in a bundle and a test. */
const brand = Symbol.for('@rollcall/sdk/ApiError')

function isBranded(error: unknown): error is ApiError {
  return error instanceof Error && brand in error
}
