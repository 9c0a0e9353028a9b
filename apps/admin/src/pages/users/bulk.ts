import type { BulkOutcome, BulkResult, BulkSelection } from '@rollcall/sdk'
import { client } from '../../client.ts'
import { perform } from '../../session/perform.ts'
import type { Selection } from './selection.ts'

export type BulkAction =
  | 'activate'
  | 'deactivate'
  | 'addRole'
  | 'removeRole'
  | 'endSessions'
  | 'delete'

/** What a person adds to an action. */
export interface BulkChoice {
  readonly role?: string
  readonly reason?: string
}

/** So many accounts to a request: few enough for the progress to be seen. */
const batchSize = 100

/** Does it batch by batch, and tells of each; ends early when the signal says so. */
export async function runBulk(
  action: BulkAction,
  selection: Selection,
  choice: BulkChoice,
  onBatch: (outcomes: readonly BulkOutcome[]) => void,
  signal: AbortSignal,
) {
  for await (const { results } of batches(action, selection, choice, signal)) onBatch(results)
}

async function* batches(
  action: BulkAction,
  { users, all }: Selection,
  choice: BulkChoice,
  signal: AbortSignal,
): AsyncGenerator<BulkResult> {
  const send = (which: BulkSelection) => perform(() => call(action, which, choice))
  if (!all) {
    const ids = [...users.keys()]
    for (let start = 0; start < ids.length && !signal.aborted; start += batchSize) {
      yield await send({ ids: ids.slice(start, start + batchSize) })
    }
    return
  }
  // Members that are not set must not be sent: the server takes none that it does not know.
  const filter = JSON.parse(JSON.stringify(all.filter))
  let cursor: string | undefined
  do {
    const result: BulkResult = await send({ filter, ...(cursor && { cursor }) })
    yield result
    cursor = result.next ?? undefined
  } while (cursor && !signal.aborted)
}

function call(action: BulkAction, which: BulkSelection, { role = '', reason }: BulkChoice) {
  const why = reason ? { reason } : {}
  switch (action) {
    case 'activate':
      return client.bulk.activate({ ...which, ...why })
    case 'deactivate':
      return client.bulk.deactivate({ ...which, ...why })
    case 'addRole':
      return client.bulk.addRole({ ...which, role })
    case 'removeRole':
      return client.bulk.removeRole({ ...which, role })
    case 'endSessions':
      return client.bulk.endSessions(which)
    case 'delete':
      return client.bulk.delete(which)
  }
}
