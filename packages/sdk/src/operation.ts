import type { OperationId } from './generated/types.gen.ts'

/** One operation of the API, as its row in `generated/operations.gen.ts` says. */
export interface Operation {
  readonly id: OperationId
  readonly method: string
  readonly path: string
  has(trait: Trait): boolean
}

/**
 * What a row says after method and path:
 * - `body`, `query`: the one argument besides the path parameters and the options
 * - `open`: for anyone, and never sent with a token
 * - `paged`: answers a page, and can be walked through
 * - `keyed`: does nothing more when it is sent again with the same `Idempotency-Key`
 * - `stream`: answers something of any length, which the caller reads
 */
export type Trait = 'body' | 'query' | 'open' | 'paged' | 'keyed' | 'stream'

/** Reads a row such as `GET /api/users/ query paged`. */
export function readOperation(id: OperationId, row: string): Operation {
  const [method = '', path = '', ...traits] = row.split(' ')
  return { id, method, path, has: (trait) => traits.includes(trait) }
}

/** The rows of a resource, by verb. */
export type Verbs<Resource> = { readonly [Verb in keyof Resource]: string }
