import {
  auditActions,
  type Endpoint,
  exportFormats,
  fieldProblems,
  isStream,
  permissions,
  problems,
  problemsOf,
  schemas,
  signingKeyStates,
  userOrderings,
} from '@rollcall/contract'
import { comment } from './comment.ts'
import { type JsonSchema, membersOf, typeOf, unionOf } from './json-schema.ts'

/** Each schema of the contract that has a name, as an interface of that name. */
export function printSchemas(): string {
  const interfaces = [...named].map(
    ([schema, name]) =>
      `${comment(schema.description)}export interface ${name} ${membersOf(schema, nameOf)}\n`,
  )
  return [...enumerations.map(printEnumeration), ...interfaces].join('\n')
}

/** The type of a schema, by its name where it has one. */
export function typeName(schema: JsonSchema): string {
  return typeOf(schema, nameOf)
}

/** What each operation can be refused with. */
export function printProblemCodes(endpoints: [string, Endpoint][]): string {
  const lines = endpoints.map(([id, endpoint]) => `'${id}': ${unionOf(problemsOf(endpoint))}\n`)
  return `${comment('The codes of the problems that each operation can be refused with.')}export interface ProblemCodes {\n${lines.join('')}}\n
${comment('The id of an operation: `users.list` is `client.users.list()`.')}export type OperationId = keyof ProblemCodes\n
${comment('The operations that read, and change nothing.')}export type ReadId = ${unionOf(readIds(endpoints))}\n`
}

function readIds(endpoints: [string, Endpoint][]): string[] {
  return endpoints
    .filter(([, endpoint]) => endpoint.method === 'GET' && !isStream(endpoint.response[1]))
    .map(([id]) => id)
}

const named = new Map(
  Object.entries<object>(schemas).map(([name, schema]): [JsonSchema, string] => [schema, name]),
)

const enumerations = [
  {
    name: 'ProblemCode',
    values: Object.keys(problems),
    about: [
      'Every code of a problem, with the status it comes with.',
      list(problems, ({ status, title }) => `${status}. ${title}.`),
    ],
  },
  {
    name: 'FieldProblemCode',
    values: Object.keys(fieldProblems),
    about: ['What can be wrong with a member of the input.', list(fieldProblems, String)],
  },
  {
    name: 'Permission',
    values: Object.keys(permissions),
    about: ['Every permission there is.', list(permissions, String)],
  },
  {
    name: 'AuditAction',
    values: Object.keys(auditActions),
    about: ['Everything that the audit trail tells of.', list(auditActions, String)],
  },
  {
    name: 'UserOrdering',
    values: userOrderings,
    about: ['What accounts can be sorted by; `-` reverses.'],
  },
  {
    name: 'ExportFormat',
    values: exportFormats,
    about: ['What accounts can be exported as.'],
  },
  {
    name: 'SigningKeyState',
    values: signingKeyStates,
    about: ['Whether a key signs already, now, or no more.'],
  },
]

function nameOf(schema: JsonSchema): string | undefined {
  const name = named.get(schema) ?? nameOfValues(schema.enum)
  if (name || schema.enum?.at(-1) !== null) return name
  const ofOthers = nameOfValues(schema.enum.slice(0, -1))
  return ofOthers && `${ofOthers} | null`
}

function nameOfValues(values: readonly unknown[] | undefined): string | undefined {
  const text = JSON.stringify(values)
  return enumerations.find((each) => JSON.stringify(each.values) === text)?.name
}

function printEnumeration({ name, values, about }: (typeof enumerations)[number]): string {
  return `${comment(...about)}export type ${name} = ${unionOf(values)}\n`
}

function list<T>(entries: Record<string, T>, text: (entry: T) => string): string {
  return Object.entries(entries)
    .map(([key, entry]) => `- \`${key}\`: ${text(entry)}`)
    .join('\n')
}
