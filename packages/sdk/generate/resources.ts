import { type Access, type Endpoint, isStream, problemsOf } from '@rollcall/contract'
import { comment } from './comment.ts'
import type { JsonSchema } from './json-schema.ts'
import { typeName } from './schemas.ts'
import { isKeyed, isPaged } from './traits.ts'

/** The operations as methods: `Resources`, and an interface for each noun. */
export function printResources(endpoints: [string, Endpoint][]): string {
  const nouns = Map.groupBy(endpoints, ([id]) => id.split('.')[0] ?? id)
  const interfaces = [...nouns].filter(([noun, entries]) => entries[0]?.[0] !== noun)
  return [
    ...interfaces.map(([noun, entries]) => printInterface(noun, entries)),
    comment('Every operation of the API, under its operation id.'),
    'export interface Resources {',
    ...[...nouns].map(([noun, entries]) => printMember(noun, entries)),
    '}\n',
  ].join('\n')
}

function printInterface(noun: string, entries: [string, Endpoint][]): string {
  const methods = entries.map(([id, endpoint]) => printMethod(id, endpoint))
  return `${comment(`The operations of \`client.${noun}\`.`)}export interface ${interfaceName(noun)} {\n${methods.join('\n')}}\n`
}

function printMember(noun: string, entries: [string, Endpoint][]): string {
  const [first] = entries
  if (first?.[0] === noun) return printMethod(noun, first[1])
  return `readonly ${noun}: ${interfaceName(noun)}\n`
}

export function interfaceName(noun: string): string {
  return `${noun.charAt(0).toUpperCase()}${noun.slice(1)}Resource`
}

function printMethod(id: string, endpoint: Endpoint): string {
  const verb = id.split('.').at(-1)
  const parameters = parametersOf(endpoint).map(({ name, type }) => `${name}: ${type}`)
  return `${documentation(endpoint)}${verb}(${parameters.join(', ')}): ${resultOf(id, endpoint)}\n`
}

function documentation(endpoint: Endpoint): string {
  const parameters = parametersOf(endpoint).filter(({ about }) => about)
  return comment(
    `${endpoint.summary}.`,
    endpoint.description,
    isStream(endpoint.response[1]) ? streamed : undefined,
    `\`${endpoint.method} ${endpoint.path}\`, for ${whoMay(endpoint.access)}.`,
    [
      ...parameters.map(({ name, about }) => `@param ${name.replace('?', '')} ${about}`),
      `@throws {ApiError} ${problemsOf(endpoint)
        .map((code) => `\`${code}\``)
        .join(', ')}.`,
    ].join('\n'),
  )
}

const streamed =
  'Resolves as soon as the answer begins, with the `Response` itself: read its `body` as it comes, or save it whole with `blob()`. From then on no time limit holds; the `signal` ends it.'

function whoMay(access: Access): string {
  switch (access.kind) {
    case 'anyone':
      return 'anyone'
    case 'signedIn':
      return 'anyone signed in'
    case 'permission':
      return `holders of \`${access.permission}\``
    case 'ownOrPermission':
      return `the account itself and holders of \`${access.permission}\``
  }
}

interface Parameter {
  readonly name: string
  readonly type: string
  readonly about?: string
}

/** Path parameters first, then the body or the query, then the options of the call. */
function parametersOf(endpoint: Endpoint): Parameter[] {
  const { params, body, query } = endpoint
  const path: [string, JsonSchema][] = Object.entries(params?.properties ?? {})
  return [
    ...path.map(([name, schema]) => parameter(name, schema)),
    ...(body ? [parameter('body', body)] : []),
    ...(query ? [parameter(isAllOptional(query) ? 'query?' : 'query', query)] : []),
    { name: 'options?', type: optionsOf(endpoint) },
  ]
}

function optionsOf(endpoint: Endpoint): string {
  if (isKeyed(endpoint)) return 'KeyedOptions'
  return endpoint.conditional && endpoint.method !== 'GET' ? 'ConditionalOptions' : 'CallOptions'
}

function parameter(name: string, schema: JsonSchema): Parameter {
  return { name, type: typeName(schema), about: schema.description ?? '' }
}

function isAllOptional({ required = [] }: JsonSchema): boolean {
  return required.length === 0
}

function resultOf(id: string, endpoint: Endpoint): string {
  const [, body] = endpoint.response
  return resultOfBody(endpoint, isStream(body) ? 'stream' : body, `ProblemCodes['${id}']`)
}

function resultOfBody(endpoint: Endpoint, body: JsonSchema | 'stream' | null, codes: string) {
  if (!body) return `Call<void, ${codes}>`
  if (body === 'stream') return `Call<Response, ${codes}>`
  const item = isPaged(endpoint) && body.properties?.results?.items
  return item
    ? `List<${typeName(body)}, ${typeName(item)}, ${codes}>`
    : `Call<${typeName(body)}, ${codes}>`
}
