import { type Answer, toCall } from './call.ts'
import { operations } from './generated/operations.gen.ts'
import type { OperationId, Resources } from './generated/types.gen.ts'
import { type Page, toList } from './paging.ts'
import type { Input, Send } from './transport.ts'

/** Gives every operation its method: `users.list` becomes `resources.users.list()`. */
export function createResources(send: Send): Resources {
  const resources: Record<string, object> = {}
  for (const id of Object.keys(operations) as OperationId[]) {
    const [noun = '', verb] = id.split('.')
    const method = createMethod(id, send)
    resources[noun] = verb ? { ...resources[noun], [verb]: method } : method
  }
  // The table of operations and this interface are generated from the same contract.
  return resources as unknown as Resources
}

function createMethod(id: OperationId, send: Send) {
  return (...given: unknown[]) => {
    const input = inputOf(id, given)
    const answer = send(id, input)
    return operations[id].paged ? listOf(id, input, answer, send) : toCall(answer)
  }
}

/** Path parameters come first, then the body or the query, then the options. */
function inputOf(id: OperationId, given: unknown[]): Input {
  const { path, takes } = operations[id]
  const params = given.splice(0, path.split(':').length - 1)
  const payload = takes && { [takes]: given.shift() }
  // `Resources` has typed what was given.
  return { params, ...payload, options: given[0] } as Input
}

function listOf(id: OperationId, input: Input, first: Promise<Answer<unknown>>, send: Send) {
  return toList(first as Promise<Answer<Page<unknown>>>, async (cursor) => {
    // Counting again for every page would be slow, and nobody could see the result.
    const query = { ...input.query, cursor, count: undefined }
    const { data } = await send(id, { ...input, query })
    return data as Page<unknown>
  })
}
