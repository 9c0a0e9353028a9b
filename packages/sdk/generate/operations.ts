import { type Endpoint, isStream } from '@rollcall/contract'
import { isPaged } from './paged.ts'

/** The one table that the SDK needs at run time. */
export function printOperations(endpoints: [string, Endpoint][]): string {
  const rows = endpoints.map(([id, endpoint]) => `'${id}': ${JSON.stringify(row(endpoint))},\n`)
  return `${header}export const operations: Record<OperationId, Operation> = {\n${rows.join('')}}\n`
}

const header = `import type { OperationId } from './types.gen.ts'

export interface Operation {
  readonly method: string
  readonly path: string
  /** The one argument besides the path parameters and the options. */
  readonly takes?: 'body' | 'query'
  /** Sent with the access token; the others never are. */
  readonly needsToken?: true
  /** Answers a page, and can be walked through. */
  readonly paged?: true
  /** Answers something of any length, which the caller reads. */
  readonly streams?: true
}

/** Every operation of the API by its id. */
`

function row(endpoint: Endpoint) {
  return {
    method: endpoint.method,
    path: endpoint.path,
    takes: endpoint.body ? 'body' : endpoint.query && 'query',
    needsToken: endpoint.access.kind === 'anyone' ? undefined : true,
    paged: isPaged(endpoint) || undefined,
    streams: isStream(endpoint.response[1]) || undefined,
  }
}
