import type { FieldProblem, FieldProblemCode } from '@rollcall/contract'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { invalidFields, ProblemError } from '../problem.ts'
import { isId, isInstant } from './formats.ts'

const shared = { allErrors: true, verbose: true, strict: false } as const

/** Bodies: no coercion. Members the contract does not name are dropped, so that none slips in. */
const bodies = withFormats(new Ajv({ ...shared, removeAdditional: 'all' }))

/** Queries and paths arrive as text and become what the schema says; unknown ones are refused. */
const texts = withFormats(new Ajv({ ...shared, coerceTypes: true, useDefaults: true }))

function withFormats(ajv: Ajv): Ajv {
  addFormats.default(ajv, ['email'])
  return ajv.addFormat('uuid', isId).addFormat('date-time', isInstant)
}

/**
 * Compiles the contract's schemas, each when something is first measured by it, so that a start
 * does not wait for all; all problems of an input are reported at once.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const isBody = httpPart === 'body'
  let validate: ValidateFunction | undefined
  return (input: unknown) => {
    validate ??= (isBody ? bodies : texts).compile(isBody ? schema : { ...schema, ...closed })
    const value = input ?? {}
    // Before the text is looked at: it drops the members that are ignored.
    const isValid = validate(value)
    const errors = textProblems(value)
    if (!isValid) errors.push(...(validate.errors ?? []).filter(isWhole).map(toFieldProblem))
    if (errors.length === 0) return { value }
    // An id that cannot exist names nothing.
    if (httpPart === 'params') return { error: new ProblemError('not_found') }
    return { error: invalidFields(...onePerField(errors).slice(0, mostErrors)) }
  }
}

/** More than the API has members; a refusal is never much larger than what it refuses. */
const mostErrors = 50

const closed = { additionalProperties: false }

/** The first problem of a field is the plainest; the others follow from it. */
function onePerField(errors: FieldProblem[]): FieldProblem[] {
  return [...new Map(errors.toReversed().map((error) => [error.field, error])).values()].reverse()
}

/** Text that one of the databases could not hold, or that two of them would hold differently. */
function textProblems(value: unknown, field = ''): FieldProblem[] {
  if (typeof value === 'string') return textProblem(value, field)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    textProblems(member, field ? `${field}.${key}` : key),
  )
}

function textProblem(text: string, field: string): FieldProblem[] {
  if (!text.isWellFormed()) {
    const detail = 'Lone surrogates are not allowed: send well-formed Unicode.'
    return [{ field, code: 'surrogate_characters_not_allowed', detail }]
  }
  if (text.includes('\0')) {
    return [{ field, code: 'null_characters_not_allowed', detail: 'NUL is not allowed.' }]
  }
  return []
}

/** What is wrong with a name is said of the member that has it. */
function isWhole({ propertyName }: ErrorObject): boolean {
  return propertyName === undefined
}

function toFieldProblem(error: ErrorObject): FieldProblem {
  const [code, detail] = explain(error)
  return { field: fieldOf(error), code, detail }
}

function fieldOf({ instancePath, params }: ErrorObject): string {
  const member = params.missingProperty ?? params.additionalProperty ?? params.propertyName
  const path = instancePath.split('/').slice(1)
  return [...path, ...(member === undefined ? [] : [String(member)])].join('.') || 'body'
}

function explain({ keyword, params, data }: ErrorObject): [FieldProblemCode, string] {
  switch (keyword) {
    case 'required':
      return ['required', 'This member is required.']
    case 'additionalProperties':
    case 'propertyNames':
      return ['unknown', 'There is no such parameter.']
    case 'minLength':
      return data === '' ? ['blank', 'This may not be empty.'] : tooShort(params.limit)
    case 'maxLength':
      return ['max_length', `Use at most ${params.limit} characters.`]
    case 'minimum':
      return ['min_value', `Use ${params.limit} or more.`]
    case 'maximum':
      return ['max_value', `Use ${params.limit} or less.`]
    case 'minItems':
      return ['invalid', `List at least ${params.limit}.`]
    case 'maxItems':
      return ['invalid', `List at most ${params.limit}.`]
    case 'uniqueItems':
      return ['invalid', 'List each of them once.']
    case 'enum':
      return ['invalid_choice', `Use one of: ${params.allowedValues.join(', ')}.`]
    case 'type':
      return data === null ? ['null', 'This may not be null.'] : wrongType(params.type)
    case 'format':
      return ['invalid', `Use a valid ${formatNames[params.format] ?? 'value'}.`]
    case 'pattern':
      return ['invalid', 'This holds characters that are not allowed here.']
    default:
      return ['invalid', 'This is not valid.']
  }
}

function tooShort(limit: number): [FieldProblemCode, string] {
  return ['min_length', `Use at least ${limit} characters.`]
}

function wrongType(type: string | string[]): [FieldProblemCode, string] {
  return ['invalid', `Use a value of type ${[type].flat().join(' or ')}.`]
}

const formatNames: Record<string, string> = {
  email: 'e-mail address',
  'date-time': 'date and time, such as 2026-01-31T09:30:00Z',
}
