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
  declare readonly status: number
  declare readonly code: Code
  declare readonly detail: string
  declare readonly requestId: string | undefined
  declare readonly retryAfter: number | undefined
  declare readonly fields: readonly FieldError[]

  constructor(operation: OperationId, details: ApiErrorDetails<Code>, options?: ErrorOptions) {
    super(`${operation}: ${details.status} ${details.code}: ${details.detail}`, options)
    Object.assign(this, details)
    this.operation = operation
    mark(this, this.name)
  }

  /** What is wrong with this member of the input, if anything is. */
  field(name: string): FieldError | undefined {
    return this.fields.find(({ field }) => field === name)
  }
}

/**
 * No usable answer came: no connection, no time left, or somebody else answered. Use
 * `isNetworkError` rather than `instanceof` to recognise one.
 */
export class NetworkError extends Error {
  override readonly name: 'NetworkError' | 'TimeoutError' = 'NetworkError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    mark(this, 'NetworkError')
  }
}

/** No answer came within the time that a call or one attempt at it may take. */
export class TimeoutError extends NetworkError {
  override readonly name = 'TimeoutError'
}

/**
 * Whether the error is a refusal by the server, and if asked: of this operation, with the codes
 * it can be refused with; with this code; or because of a member of the input with this code,
 * such as `unique`. Works across copies of the package.
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
export function isApiError(
  error: unknown,
  fieldCode: FieldProblemCode,
): error is ApiError<'validation_failed'>
export function isApiError(error: unknown, which?: string): boolean {
  if (!isMarked<ApiError>(error, 'ApiError')) return false
  const { operation, fields } = error
  const code: string = error.code
  // The answer of a proxy has the code `unknown` too, which is asked of members alone.
  return (
    which === undefined ||
    which === operation ||
    (which === code && which !== 'unknown') ||
    fields.some((field) => field.code === which)
  )
}

/** Whether the error says that no usable answer came. Works across copies of the package. */
export function isNetworkError(error: unknown): error is NetworkError {
  return isMarked(error, 'NetworkError')
}

/** `instanceof` fails where two copies of the package meet, as in a bundle and a test. */
const brand = Symbol.for('@rollcall/sdk')

function mark(error: Error, kind: string) {
  Object.defineProperty(error, brand, { value: kind })
}

function isMarked<T extends Error>(error: unknown, kind: string): error is T {
  return error instanceof Error && Reflect.get(error, brand) === kind
}
