import { type FieldProblem, type ProblemCode, problems } from '@rollcall/contract'

interface ProblemOptions {
  /** What went wrong this time and what to do about it; for the caller. */
  readonly detail?: string
  readonly errors?: readonly FieldProblem[]
  /** Seconds after which trying again may help. */
  readonly retryAfter?: number
  /** What happened, for the log alone. */
  readonly cause?: unknown
}

/** Thrown to refuse a request; its code says everything else. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly errors: readonly FieldProblem[] | undefined
  readonly retryAfter: number | undefined

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(options.detail ?? `${problems[code].title}.`, { cause: options.cause })
    this.code = code
    this.errors = options.errors
    this.retryAfter = options.retryAfter
  }

  get status(): number {
    return problems[this.code].status
  }
}

/** Refuses input because of one or more of its members. */
export function invalidFields(...errors: FieldProblem[]): ProblemError {
  return new ProblemError('validation_failed', { detail: summaryOf(errors), errors })
}

function summaryOf(errors: readonly FieldProblem[]): string {
  const [first] = errors
  if (!first) return 'The input is not valid.'
  const others = errors.length - 1
  const more = others > 0 ? ` ${others} more in \`errors\`.` : ''
  return `${first.field}: ${first.detail}${more}`
}
