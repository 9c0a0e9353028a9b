import { type Answer, toCall } from './call.ts'
import type { operations } from './generated/operations.gen.ts'
import type { OperationId, Resources } from './generated/types.gen.ts'
import { newKey } from './key.ts'
import { type Operation, readOperation } from './operation.ts'
import { type Page, toList } from './paging.ts'
import type { Send } from './retry.ts'
import type { Input } from './transport.ts'

/** The rows of the operations by noun, and where the noun has verbs, by verb. */
export type Table = typeof operations

/** Gives every operation its method: `users.list` becomes `resources.users.list()`. */
export function createResources<Noun extends keyof Resources>(
  table: Pick<Table, Noun>,
  send: Send,
): Pick<Resources, Noun> {
  const made = (rows: Rows, prefix = ''): Record<string, object> =>
    Object.fromEntries(
      Object.entries(rows).map(([name, row]) => [
        name,
        typeof row === 'string'
          ? createMethod(readOperation((prefix + name) as OperationId, row), send)
          : made(row, `${name}.`),
      ]),
    )
  // The table and `Resources` are generated from the same contract.
  return made(table as Rows) as unknown as Pick<Resources, Noun>
}

interface Rows {
  readonly [name: string]: string | Rows
}

function createMethod(operation: Operation, send: Send) {
  return (...given: unknown[]) => {
    const input = inputOf(operation, given)
    const answer = send(operation, input)
    return operation.has('paged') ? listOf(operation, input, answer, send) : toCall(answer)
  }
}

/** Path parameters come first, then the body or the query, then the options. */
function inputOf(operation: Operation, given: unknown[]): Input {
  const params = given.splice(0, operation.path.split(':').length - 1)
  const takes = (['body', 'query'] as const).find(operation.has)
  const payload = takes && { [takes]: given.shift() }
  const key = operation.has('keyed') && { idempotencyKey: newKey() }
  // `Resources` has typed what was given.
  return { params, ...payload, options: { ...key, ...(given[0] as object) } } as Input
}

/** Walking on may have to wait until the server answers this address again: for up to a minute. */
const walkDeadlineMs = 180_000

function listOf(operation: Operation, input: Input, first: Promise<Answer<unknown>>, send: Send) {
  return toList(first as Promise<Answer<Page<unknown>>>, async (cursor) => {
    const { data } = await send(operation, {
      ...input,
      // Counting again for every page would be slow, and nobody could see the result.
      query: { ...input.query, cursor, count: undefined },
      options: { deadlineMs: walkDeadlineMs, ...input.options },
    })
    return data as Page<unknown>
  })
}
