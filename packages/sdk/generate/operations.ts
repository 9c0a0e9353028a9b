import { type Endpoint, isStream } from '@rollcall/contract'
import { comment } from './comment.ts'
import { interfaceName } from './resources.ts'
import { isKeyed, isPaged } from './traits.ts'

/** The one table that the SDK needs at run time: a row for each operation, by noun and verb. */
export function printOperations(endpoints: [string, Endpoint][]): string {
  const nouns = [...Map.groupBy(endpoints, ([id]) => id.split('.')[0] ?? id)]
  const types = nouns.filter(hasVerbs).map(([noun]) => interfaceName(noun))
  return [
    `import type { Verbs } from '../operation.ts'`,
    `import type { ${types.join(', ')} } from './types.gen.ts'\n`,
    ...nouns.map(printNoun),
    comment('All of them.'),
    `export const operations = { ${nouns.map(([noun]) => noun).join(', ')} }\n`,
  ].join('\n')
}

type Noun = [noun: string, operations: [id: string, endpoint: Endpoint][]]

function hasVerbs([noun, operations]: Noun): boolean {
  return operations[0]?.[0] !== noun
}

function printNoun(entry: Noun): string {
  const [noun, operations] = entry
  const rows = operations.map(([id, endpoint]) => [id.split('.')[1], `'${row(endpoint)}'`])
  if (!hasVerbs(entry)) return `export const ${noun} = ${rows[0]?.[1]}\n`
  const members = rows.map(([verb, text]) => `${verb}: ${text},\n`).join('')
  return `export const ${noun}: Verbs<${interfaceName(noun)}> = {\n${members}}\n`
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
