import Type, { type Static } from 'typebox'

/**
 * Every problem an answer can carry, with its one HTTP status (RFC 9457).
 * The names are those of Django REST framework and simplejwt where they have one.
 */
export const problems = {
  validation_failed: { status: 400, title: 'Some of the input is not valid' },
  parse_error: { status: 400, title: 'The request cannot be read' },
  not_authenticated: { status: 401, title: 'Sign in first' },
  token_not_valid: { status: 401, title: 'The token is not valid or has expired' },
  no_active_account: { status: 401, title: 'No active account with these credentials' },
  permission_denied: { status: 403, title: 'Not permitted' },
  reauthentication_required: { status: 403, title: 'Prove again who you are' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  last_superuser: { status: 409, title: 'The last active superuser must stay' },
  idempotency_in_flight: { status: 409, title: 'The first request with this key is under way' },
  precondition_failed: { status: 412, title: 'Changed by somebody else meanwhile' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The media type is not supported' },
  idempotency_mismatch: { status: 422, title: 'The key belongs to another request' },
  throttled: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The header fields are too large' },
  internal_error: { status: 500, title: 'Something failed on our side' },
  service_unavailable: { status: 503, title: 'Not able to answer just now' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof problems

/** Every code a field problem can carry, with what it says. */
export const fieldProblems = {
  required: 'The member is missing.',
  null: 'The member may not be null.',
  blank: 'The text may not be empty.',
  invalid: 'The value has not the right type or form.',
  invalid_choice: 'The value is none of those offered.',
  unknown: 'There is no such parameter.',
  min_length: 'The text is too short.',
  max_length: 'The text is too long.',
  min_value: 'The number is too small.',
  max_value: 'The number is too large.',
  null_characters_not_allowed: 'The text holds a NUL character.',
  surrogate_characters_not_allowed: 'The text is not well-formed Unicode.',
  unique: 'Somebody else has this value already.',
  read_only: 'The caller may not change this member.',
  password_too_short: 'The password is too short.',
  password_too_common: 'The password is among the commonly used ones.',
  password_too_similar: 'The password resembles another member of the account.',
  password_incorrect: 'The current password is missing or wrong.',
} as const

export type FieldProblemCode = keyof typeof fieldProblems

export const FieldProblem = Type.Object(
  {
    field: Type.String({ description: 'The member, or the query parameter, that is meant.' }),
    code: Type.Enum(Object.keys(fieldProblems) as [FieldProblemCode, ...FieldProblemCode[]], {
      description: 'What is wrong with it, for programs.',
    }),
    detail: Type.String({ description: 'What is wrong with it, for people.' }),
  },
  { description: 'What is wrong with one member of the input.' },
)
export interface FieldProblem extends Static<typeof FieldProblem> {}

export const Problem = Type.Object(
  {
    type: Type.String({ format: 'uri', description: 'A link to the description of the code.' }),
    title: Type.String({ description: 'The problem in a few words, the same for every case.' }),
    status: Type.Integer({ description: 'The HTTP status, repeated.' }),
    detail: Type.String({ description: 'What went wrong this time and what to do about it.' }),
    code: Type.Enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]], {
      description: 'What went wrong, for programs.',
    }),
    request_id: Type.String({ description: 'Names this request in the logs of the server.' }),
    errors: Type.Optional(
      Type.Array(FieldProblem, { description: 'One entry per member that is not valid.' }),
    ),
  },
  { description: 'Why a request was refused (RFC 9457).' },
)
export interface Problem extends Static<typeof Problem> {}
