import {
  type Access,
  alice,
  type Endpoint,
  isStream,
  listEndpoints,
  problemsOf,
  type Stream,
  type Tag,
  users,
} from '@rollcall/contract'
import type { TObject } from 'typebox'
import { type JsonSchema, namedJsonSchemas, toJsonSchema } from './json-schema.ts'
import { problemResponses } from './openapi-problems.ts'
import { accessInWords, tagDescriptions } from './wording.ts'

export interface OpenApiDocument {
  openapi: string
  info: {
    title: string
    version: string
    summary: string
    description: string
    license: { name: string; identifier: string }
  }
  externalDocs: { url: string; description: string }
  servers: { url: string; description: string }[]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, JsonSchema>
    securitySchemes: Record<string, Record<string, string>>
  }
}

export interface Operation {
  operationId: string
  tags: [Tag]
  summary: string
  description: string
  /** The access of the contract, for programs. */
  'x-access': Access
  security: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { required: true; content: Record<string, MediaType> }
  responses: Record<string, Response>
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: JsonSchema
  example?: unknown
}

export interface Response {
  description: string
  headers?: Record<string, { description: string; schema: JsonSchema; example: unknown }>
  content?: Record<string, MediaType>
}

export interface MediaType {
  schema: JsonSchema
  example?: unknown
  examples?: Record<string, { value: unknown }>
}

export interface DocumentOptions {
  /** Where clients reach the server, without a slash at the end. */
  readonly publicUrl: string
  readonly version: string
}

/** The whole API as an OpenAPI 3.1 document. */
export function openApiDocument({ publicUrl, version }: DocumentOptions): OpenApiDocument {
  const paths = describePaths(publicUrl)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rollcall',
      version,
      summary: 'Accounts, sign-in and user management.',
      description:
        'People register, sign in and look after their own account; staff look after everybody’s. Sign in with `POST /api/token/`, send the access token as `Authorization: Bearer …`, and renew it with `POST /api/token/refresh/`. Every path works with and without the slash at its end. Whatever goes wrong is answered as a problem (RFC 9457) with a `code` for programs.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    externalDocs: { url: `${publicUrl}/`, description: 'The documentation of this server.' },
    servers: [{ url: publicUrl, description: 'This server.' }],
    tags: Object.entries(tagDescriptions).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: usedSchemas(paths),
      securitySchemes: {
        bearerAuth: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The access token that `POST /api/token/` answers.',
        },
      },
    },
  }
}

function describePaths(publicUrl: string) {
  const paths: OpenApiDocument['paths'] = {}
  for (const [operationId, endpoint] of listEndpoints()) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = {
      ...paths[path],
      [endpoint.method.toLowerCase()]: describeOperation(operationId, endpoint, publicUrl),
    }
  }
  return paths
}

function describeOperation(operationId: string, endpoint: Endpoint, publicUrl: string): Operation {
  const parameters = describeParameters(endpoint)
  return {
    operationId,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    description: `${endpoint.description}\n\nAccess: ${accessInWords(endpoint.access)}.`,
    'x-access': endpoint.access,
    security: endpoint.access.kind === 'anyone' ? [] : [{ bearerAuth: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(endpoint.body && { requestBody: describeBody(endpoint.body, endpoint.example.body) }),
    responses: {
      [endpoint.response[0]]: describeSuccess(endpoint, publicUrl),
      ...problemResponses(problemsOf(endpoint), { endpoint, publicUrl }),
    },
  }
}

function describeParameters({ params, query, example, ...endpoint }: Endpoint): Parameter[] {
  const isConditionalWrite = endpoint.conditional && endpoint.method !== 'GET'
  return [
    ...describeMembers('path', params, example.params),
    ...describeMembers('query', query, example.query),
    ...(isConditionalWrite ? [ifMatch] : []),
    ...(endpoint.idempotent ? [idempotencyKey] : []),
  ]
}

const etag = '"7"'

const ifMatch: Parameter = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'The `ETag` of the account as it was last seen: the write is refused with `precondition_failed` when somebody changed it meanwhile (RFC 9110, 13.1.1).',
  schema: { type: 'string' },
  example: etag,
}

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Names this request, so that it may be sent again when its answer was lost: for 24 hours the same key answers the same and does nothing more. Take a new random key for each request.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
  example: 'f3f0a2c6-6d0f-4c0b-9d3e-1f0f3c5b7a10',
}

function describeMembers(
  place: 'path' | 'query',
  members: TObject | undefined,
  examples: Record<string, string> = {},
): Parameter[] {
  return Object.entries(members?.properties ?? {}).map(([name, member]) => {
    const { description, ...schema } = toJsonSchema(member)
    return {
      name,
      in: place,
      required: members?.required?.includes(name) ?? false,
      ...(typeof description === 'string' && { description }),
      schema,
      ...(name in examples && { example: typedExample(schema, examples[name]) }),
    }
  })
}

/** The examples are written as they stand in a URL; the document wants them as they are meant. */
function typedExample({ type }: JsonSchema, text: string | undefined): unknown {
  return type === 'integer' || type === 'boolean' ? JSON.parse(String(text)) : text
}

function describeBody(body: TObject, example: Record<string, unknown> = {}) {
  return {
    required: true,
    content: {
      'application/json': { schema: toJsonSchema(body), example: declaredMembers(body, example) },
    },
  } as const
}

/** A body may carry read-only members, which are ignored; the document shows those that count. */
function declaredMembers({ properties }: TObject, example: Record<string, unknown>) {
  return Object.fromEntries(Object.entries(example).filter(([member]) => member in properties))
}

function describeSuccess(endpoint: Endpoint, publicUrl: string): Response {
  const [status, body] = endpoint.response
  if (!body) return { description: 'Done; the answer has no body.' }
  if (isStream(body)) return describeStream(body)
  const { description } = body as JsonSchema
  const headers = {
    ...(endpoint.conditional && { ETag: etagHeader }),
    ...(status === 201 && { Location: locationHeader(publicUrl) }),
    ...(endpoint.idempotent && { 'Idempotency-Replayed': replayedHeader }),
  }
  return {
    description: typeof description === 'string' ? description : 'The answer.',
    ...(Object.keys(headers).length > 0 && { headers }),
    content: {
      'application/json': { schema: toJsonSchema(body), example: endpoint.example.response },
    },
  }
}

function describeStream({ description, mediaTypes }: Stream): Response {
  const content = Object.entries(mediaTypes).map(([type, { description, example }]) => [
    type,
    { schema: { type: 'string', description }, example },
  ])
  return { description, headers: streamHeaders, content: Object.fromEntries(content) }
}

const streamHeaders = {
  'Content-Disposition': {
    description: 'That the answer is a file to be saved, and its name.',
    schema: { type: 'string' },
    example: 'attachment; filename="users-2026-01-31.csv"',
  },
}

const etagHeader = {
  description: 'Names this state of the account; send it as `If-Match` with a change.',
  schema: { type: 'string' },
  example: etag,
}

const replayedHeader = {
  description: 'Says that this is the answer to an earlier request with the same key.',
  schema: { type: 'string', enum: ['true'] },
  example: 'true',
}

function locationHeader(publicUrl: string) {
  return {
    description: 'The URL of what was made.',
    schema: { type: 'string', format: 'uri' },
    example: `${publicUrl}${users.get.path.replace(':id', alice.id)}`,
  }
}

/** A list of parameters takes the place of a named query, whose schema nothing refers to then. */
function usedSchemas(paths: OpenApiDocument['paths']): Record<string, JsonSchema> {
  const named = namedJsonSchemas()
  const text = JSON.stringify([paths, named])
  return Object.fromEntries(
    named.filter(([name]) => text.includes(`"#/components/schemas/${name}"`)),
  )
}
