import type { OpenApiDocument, Operation, Parameter } from './openapi.ts'
import { scriptsOf } from './postman-scripts.ts'

export interface PostmanCollection {
  info: { name: string; description: string; schema: string }
  auth: PostmanAuth
  variable: { key: string; value: string }[]
  item: PostmanFolder[]
}

export interface PostmanFolder {
  name: string
  description: string
  item: PostmanItem[]
}

export interface PostmanItem {
  name: string
  event: { listen: 'prerequest' | 'test'; script: { type: string; exec: string[] } }[]
  request: PostmanRequest
}

interface PostmanRequest {
  method: string
  description: string
  auth?: PostmanAuth
  header: Setting[]
  body?: { mode: 'raw'; raw: string; options: { raw: { language: 'json' } } }
  url: { raw: string; host: string[]; path: string[]; query?: Setting[]; variable?: Setting[] }
}

interface PostmanAuth {
  type: 'bearer' | 'noauth'
  bearer?: { key: string; value: string; type: 'string' }[]
}

interface Setting {
  key: string
  value: string
  description?: string
  disabled?: boolean
}

/** An operation of the document with its place. */
export interface Call extends Operation {
  readonly method: string
  readonly path: string
}

/** The document as a Postman collection (v2.1) that can be run from its first request to its last. */
export function postmanCollection(document: OpenApiDocument): PostmanCollection {
  const calls = listCalls(document)
  return {
    info: {
      name: `${document.info.title} API`,
      description: `${document.info.description}\n\nRun the whole collection: it opens an account with a random name, signs in, calls every operation, signs out, and deletes throw-away accounts.`,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: {
      type: 'bearer',
      bearer: [{ key: 'token', value: '{{access}}', type: 'string' }],
    },
    variable: [
      { key: 'baseUrl', value: document.servers[0]?.url ?? '' },
      ...keptByScripts.map((key) => ({ key, value: '' })),
    ],
    item: listFolders(document, calls).map(({ name, description, calls: ofFolder }) => ({
      name,
      description,
      item: ofFolder.map((call) => describeItem(call, calls)),
    })),
  }
}

const keptByScripts = [
  'username',
  'email',
  'password',
  'new_password',
  'access',
  'refresh',
  'user_id',
  'session_id',
  'role_id',
  'link_token',
]

function listCalls({ paths }: OpenApiDocument): Call[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  )
}

/** What the others need comes first, and what they do not survive last. */
const opening = ['register', 'token.create']
const closing = ['password.set', 'users.endSessions', 'logout', 'users.deleteMe', 'users.delete']

function listFolders({ tags }: OpenApiDocument, calls: Call[]) {
  const pick = (ids: string[]) =>
    ids.flatMap((id) => calls.filter(({ operationId }) => operationId === id))
  const between = calls.filter(
    ({ operationId }) => !opening.includes(operationId) && !closing.includes(operationId),
  )
  const folders = [
    {
      name: 'Start: sign up and in',
      description: 'Opens an account with a random name and keeps its tokens for what follows.',
      calls: pick(opening),
    },
    ...tags.map(({ name, description }) => ({
      name,
      description,
      calls: between.filter((call) => call.tags[0] === name),
    })),
    {
      name: 'End: sign out and delete',
      description: 'Ends the session, and deletes accounts that are made for the purpose.',
      calls: pick(closing),
    },
  ]
  return folders.filter((folder) => folder.calls.length > 0)
}

function describeItem(call: Call, calls: Call[]): PostmanItem {
  return {
    name: `${call.operationId}: ${call.summary}`,
    event: scriptsOf(call, calls).map(({ listen, lines }) => ({
      listen,
      script: { type: 'text/javascript', exec: lines },
    })),
    request: {
      method: call.method,
      description: call.description,
      ...(call.security.length === 0 && { auth: { type: 'noauth' } }),
      ...describeBody(call),
      url: describeUrl(call),
    },
  }
}

function describeBody(call: Call): Pick<PostmanRequest, 'header' | 'body'> {
  const conditions = pickParameters(call, 'header').map((header) => ({
    ...describeSetting(header),
    disabled: true,
  }))
  const example = call.requestBody?.content['application/json']?.example
  if (!example) return { header: conditions }
  return {
    header: [{ key: 'Content-Type', value: 'application/json' }, ...conditions],
    body: {
      mode: 'raw',
      raw: JSON.stringify({ ...example, ...memberVariables(call, Object(example)) }, null, 2),
      options: { raw: { language: 'json' } },
    },
  }
}

const variables: Record<string, string> = {
  username: '{{username}}',
  email: '{{email}}',
  password: '{{password}}',
  current_password: '{{password}}',
  new_password: '{{new_password}}',
  refresh: '{{refresh}}',
  token: '{{access}}',
}

/** Members of some operations that name what does not exist before. */
const ownMembers: Record<string, Record<string, unknown>> = {
  'users.create': { username: '{{username}}.2', email: '2.{{email}}' },
  'invitations.create': { username: '{{username}}.3', email: '3.{{email}}' },
  'roles.create': { name: '{{username}} role' },
  'roles.replace': { name: '{{username}} role' },
  'roles.update': { name: '{{username}} role' },
  'users.setRoles': { roles: ['{{role_id}}'] },
  'password.set': { token: '{{link_token}}' },
}

/** The members of the body whose values the scripts keep. */
function memberVariables({ operationId }: Call, body: object): Record<string, unknown> {
  const kept = Object.entries(variables).filter(([member]) => member in body)
  const ids = 'ids' in body && { ids: ['{{user_id}}'] }
  return { ...Object.fromEntries(kept), ...ids, ...ownMembers[operationId] }
}

function describeUrl(call: Call): PostmanRequest['url'] {
  const path = call.path.replace(/\{(\w+)\}/g, ':$1')
  const variable = pickParameters(call, 'path').map((parameter) => ({
    ...describeSetting(parameter),
    value: `{{${idOf(call)}}}`,
  }))
  const query = pickParameters(call, 'query').map((parameter) => ({
    ...describeSetting(parameter),
    disabled: parameter.example === undefined,
  }))
  const search = query.filter((setting) => !setting.disabled)
  return {
    raw: `{{baseUrl}}${path}${search.map(({ key, value }, at) => `${at ? '&' : '?'}${key}=${value}`).join('')}`,
    host: ['{{baseUrl}}'],
    path: path.slice(1).split('/'),
    ...(query.length > 0 && { query }),
    ...(variable.length > 0 && { variable }),
  }
}

function pickParameters({ parameters = [] }: Call, place: Parameter['in']): Parameter[] {
  return parameters.filter((parameter) => parameter.in === place)
}

/** Which of the ids that the scripts keep a path asks for. */
function idOf({ path }: Call): string {
  if (path.startsWith('/api/sessions/')) return 'session_id'
  return path.startsWith('/api/roles/') ? 'role_id' : 'user_id'
}

function describeSetting({ name, description, example }: Parameter): Setting {
  return {
    key: name,
    value: String(example ?? ''),
    ...(description && { description }),
  }
}
