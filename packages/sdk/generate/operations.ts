import type { Endpoint } from '@rollcall/contract'
import { isStream } from '@rollcall/contract'
import { comment } from './comment.ts'
import { interfaceName } from './resources.ts'
import { isKeyed, isPaged } from './traits.ts'

type Noun = [noun: string, operations: [id: string, endpoint: Endpoint][]]

/** What the SDK needs of the contract at run time: a row for each operation, by noun and verb. */
export function printOperations(endpoints: [string, Endpoint][]): string {
  const nouns = byNoun(endpoints)
  return [
    imports(nouns),
    comment('Every operation of the API.'),
    'export const operations: {',
    ...nouns.map((noun) => `readonly ${noun[0]}: ${typeOf(noun)}`),
    '} = {',
    ...nouns.map((noun) => `${noun[0]}: ${rowsOf(noun)},`),
    '}\n',
  ].join('\n')
}

/** The same apart, so that a client of some of it need not load the rest. */
export function printParts(endpoints: [string, Endpoint][]): string {
  const nouns = byNoun(endpoints)
  const parts = nouns.map((noun) => `export const ${noun[0]}: ${typeOf(noun)} = ${rowsOf(noun)}\n`)
  return [imports(nouns), ...parts].join('\n')
}

function byNoun(endpoints: [string, Endpoint][]): Noun[] {
  return [...Map.groupBy(endpoints, ([id]) => id.split('.')[0] ?? id)]
}

function imports(nouns: Noun[]): string {
  const types = nouns.filter(hasVerbs).map(([noun]) => interfaceName(noun))
  return [
    `import type { Verbs } from '../operation.ts'`,
    `import type { ${types.join(', ')} } from './types.gen.ts'\n`,
  ].join('\n')
}

function hasVerbs([noun, operations]: Noun): boolean {
  return operations[0]?.[0] !== noun
}

function typeOf(noun: Noun): string {
  return hasVerbs(noun) ? `Verbs<${interfaceName(noun[0])}>` : 'string'
}

function rowsOf(noun: Noun): string {
  const rows = noun[1].map(([id, endpoint]) => [id.split('.')[1], `'${row(endpoint)}'`])
  if (!hasVerbs(noun)) return `${rows[0]?.[1]}`
  return `{\n${rows.map(([verb, text]) => `${verb}: ${text},\n`).join('')}}`
}

/** Method, path and traits, as `src/operation.ts` reads them. */
function row(endpoint: Endpoint): string {
  const traits = {
    body: endpoint.body,
    query: endpoint.query,
    open: endpoint.access.kind === 'anyone',
    paged: isPaged(endpoint),
    keyed: isKeyed(endpoint),
    stream: isStream(endpoint.response[1]),
  }
  const has = Object.entries(traits).flatMap(([trait, holds]) => (holds ? [trait] : []))
  return [endpoint.method, endpoint.path, ...has].join(' ')
}
