import type { BulkOutcome, BulkResult, BulkSelection, ProblemCode } from '@rollcall/contract'
import { mostBulkAccounts } from '@rollcall/contract'
import { isUnavailable } from '../../db/errors.ts'
import { invalidFields, ProblemError } from '../../problem.ts'
import type { Principal } from '../sessions/principal.ts'
import { requireRecent } from '../sessions/recent.ts'
import type { UserPages } from '../users/pages.ts'
import type { UsersService } from '../users/service.ts'

/** What is done to each account, in a transaction of its own. */
type Deed = (id: string) => Promise<unknown>

interface Account {
  readonly id: string
  readonly username: string | null
}

/** So many at a time; SQLite commits them together, and PostgreSQL keeps connections for others. */
const parallel = 8

export type BulkService = ReturnType<typeof createBulkService>

/** Does one thing to many accounts, each by itself: one that is refused leaves the others whole. */
export function createBulkService(dependencies: {
  users: UsersService
  pages: UserPages
  /** Told of what nobody expects. */
  onFailure: (error: unknown, accountId: string) => void
}) {
  const { users, pages, onFailure } = dependencies

  return {
    setActive: (
      selection: BulkSelection & { reason?: string },
      isActive: boolean,
      actor: Principal,
    ) =>
      run(selection, actor, {
        exceptOwn: !isActive,
        deed: (id) =>
          users.update({
            id,
            patch: { is_active: isActive, ...(selection.reason && { reason: selection.reason }) },
            actor,
            ifMatch: undefined,
          }),
      }),

    remove: (selection: BulkSelection, actor: Principal) =>
      run(selection, actor, { exceptOwn: true, deed: (id) => users.remove(id, actor) }),

    endSessions: (selection: BulkSelection, actor: Principal) =>
      run(selection, actor, { exceptOwn: true, deed: (id) => users.endSessions(id, actor) }),

    addRole: (selection: BulkSelection & { role: string }, actor: Principal) =>
      run(selection, actor, {
        deed: (id) => users.setRoles(id, (held) => [...new Set([...held, selection.role])], actor),
      }),

    removeRole: (selection: BulkSelection & { role: string }, actor: Principal) =>
      run(selection, actor, {
        deed: (id) =>
          users.setRoles(id, (held) => held.filter((role) => role !== selection.role), actor),
      }),
  }

  async function run(
    selection: BulkSelection,
    actor: Principal,
    { deed, exceptOwn = false }: { deed: Deed; exceptOwn?: boolean },
  ): Promise<BulkResult> {
    requireRecent(actor)
    const { accounts, next } = await select(selection)
    const results = await inParallel(accounts, async (account) => {
      if (exceptOwn && account.id === actor.user.id) return refused(account, ownAccount)
      return attempt(account, deed)
    })
    return { results, next }
  }

  async function select({ ids, filter, cursor }: BulkSelection) {
    if ((ids === undefined) === (filter === undefined)) throw invalidFields(oneOfTwo)
    if (ids) return { accounts: await pages.named(ids), next: null }
    return pages.listIds(filter ?? {}, cursor, mostBulkAccounts)
  }

  async function attempt(account: Account, deed: Deed): Promise<BulkOutcome> {
    try {
      await deed(account.id)
      return { ...account, ok: true, code: null, detail: null }
    } catch (error) {
      if (error instanceof ProblemError) return refused(account, error)
      if (isUnavailable(error)) return refused(account, busy)
      onFailure(error, account.id)
      return refused(account, failed)
    }
  }
}

function refused(
  { id, username }: Account,
  { code, message: detail }: { code: ProblemCode; message: string },
): BulkOutcome {
  return { id, username, ok: false, code, detail }
}

/** The results in the order of the items. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = items.entries()
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  return results
}

const oneOfTwo = {
  field: 'ids',
  code: 'required',
  detail: 'Send either `ids` or `filter`, and not both.',
} as const

const ownAccount = {
  code: 'permission_denied',
  message: 'This is your own account. Do it where you look after yourself.',
} as const

const busy = { code: 'service_unavailable', message: 'Try again in a moment.' } as const

const failed = {
  code: 'internal_error',
  message: 'Something failed on our side. Tell the operator the request_id.',
} as const
