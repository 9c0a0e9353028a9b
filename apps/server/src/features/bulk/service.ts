import {
  type BulkOutcome,
  type BulkResult,
  type BulkSelection,
  endpoints,
  mostBulkAccounts,
  type Permission,
  type ProblemCode,
} from '@rollcall/contract'
import { isUnavailable } from '../../db/errors.ts'
import type { Store } from '../../db/store.ts'
import { invalidFields, ProblemError } from '../../problem.ts'
import { createTurns } from '../../turns.ts'
import type { Keep } from '../idempotency/service.ts'
import type { ChooseRoles, RolesService } from '../roles/service.ts'
import type { Principal } from '../sessions/principal.ts'
import { requireRecent } from '../sessions/recent.ts'
import type { SessionsService } from '../sessions/service.ts'
import type { UserPages } from '../users/pages.ts'
import type { UsersService } from '../users/service.ts'

/** What is done to each account, in a transaction of its own, and what it takes. */
interface Deed {
  readonly permission: Permission
  /** Whether nobody does it to themselves among others. */
  readonly sparesOwn: boolean
  do(id: string): Promise<unknown>
}

interface Account {
  readonly id: string
  readonly username: string | null
}

/** So many at a time, of all requests together: the other connections are everybody else's. */
const parallel = 6

const { bulk: contract } = endpoints

export type BulkService = ReturnType<typeof createBulkService>

/** Does one thing to many accounts, each by itself: one that is refused leaves the others whole. */
export function createBulkService(dependencies: {
  store: Store
  users: UsersService
  pages: UserPages
  roles: RolesService
  sessions: Pick<SessionsService, 'findAgain'>
  /** Told of what nobody expects. */
  onFailure: (error: unknown, accountId: string, requestId: string | null) => void
}) {
  const { store, users, pages, roles, sessions, onFailure } = dependencies
  const turn = createTurns()

  return {
    activate: (body: BulkSelection & { reason?: string }, actor: Principal) =>
      run(body, actor, {
        permission: contract.activate.access.permission,
        sparesOwn: false,
        do: (id) => setActive(id, true, body.reason, actor),
      }),

    deactivate: (body: BulkSelection & { reason?: string }, actor: Principal) =>
      run(body, actor, {
        permission: contract.deactivate.access.permission,
        sparesOwn: true,
        do: (id) => setActive(id, false, body.reason, actor),
      }),

    remove: (body: BulkSelection, actor: Principal) =>
      run(body, actor, {
        permission: contract.delete.access.permission,
        sparesOwn: true,
        do: (id) => users.remove(id, actor),
      }),

    endSessions: (body: BulkSelection, actor: Principal) =>
      run(body, actor, {
        permission: contract.endSessions.access.permission,
        sparesOwn: true,
        do: (id) => users.endSessions(id, actor),
      }),

    addRole: (body: BulkSelection & { role: string }, actor: Principal) =>
      changeRoles(body, actor, (held) => [...held.filter((id) => id !== body.role), body.role]),

    removeRole: (body: BulkSelection & { role: string }, actor: Principal) =>
      changeRoles(body, actor, (held) => held.filter((id) => id !== body.role)),

    /**
     * Keeps the answer as a whole. Each account has had a transaction of its own by then, and a
     * request that comes again in between finds it as it asks for.
     */
    keep: (result: BulkResult, keep: Keep) =>
      store.write((tx) => keep(tx, { headers: {}, body: result })),
  }

  function setActive(id: string, isActive: boolean, reason: string | undefined, actor: Principal) {
    const patch = { is_active: isActive, ...(reason !== undefined && { reason }) }
    return users.update({ id, patch, actor, ifMatch: undefined })
  }

  async function changeRoles(
    body: BulkSelection & { role: string },
    actor: Principal,
    choose: ChooseRoles,
  ) {
    if (!(await roles.exists(body.role))) throw invalidFields(unknownRole)
    return run(body, actor, {
      permission: contract.addRole.access.permission,
      sparesOwn: false,
      do: (id) => users.setRoles(id, choose, actor),
    })
  }

  async function run(body: BulkSelection, actor: Principal, deed: Deed): Promise<BulkResult> {
    requireRecent(actor)
    const { accounts, next } = await select(body)
    const results = await Promise.all(
      accounts.map((account) => turn('bulk', parallel, () => attempt(account, actor, deed))),
    )
    return { results, next }
  }

  async function select({ ids, filter, cursor }: BulkSelection) {
    if (ids && !filter && cursor === undefined) {
      return { accounts: await pages.named(ids), next: null }
    }
    if (!filter || ids) throw invalidFields(oneOfTwo)
    return pages.listIds(filter, cursor, mostBulkAccounts)
  }

  async function attempt(account: Account, actor: Principal, deed: Deed): Promise<BulkOutcome> {
    try {
      if (deed.sparesOwn && account.id === actor.user.id) return refused(account, ownAccount)
      if (!(await stillMay(actor, deed.permission))) return refused(account, noLonger)
      await deed.do(account.id)
      return { ...account, ok: true, code: null, detail: null }
    } catch (error) {
      if (error instanceof ProblemError) return refused(account, error)
      if (isUnavailable(error)) return refused(account, busy)
      onFailure(error, account.id, actor.origin.requestId)
      return refused(account, failed)
    }
  }

  /** Many take a while, in which the caller may be signed out or lose the permission. */
  async function stillMay(actor: Principal, permission: Permission): Promise<boolean> {
    const current = await sessions.findAgain(actor)
    return current?.can(permission) === true
  }
}

function refused(
  { id, username }: Account,
  { code, message: detail }: { code: ProblemCode; message: string },
): BulkOutcome {
  return { id, username, ok: false, code, detail }
}

const oneOfTwo = {
  field: 'ids',
  code: 'invalid',
  detail: 'Send either `ids` or `filter`; a `cursor` only with `filter`.',
} as const

const unknownRole = { field: 'role', code: 'invalid', detail: 'There is no such role.' } as const

const ownAccount = {
  code: 'permission_denied',
  message: 'This is your own account, which is left out.',
} as const

const noLonger = {
  code: 'permission_denied',
  message: 'Your account may not do this any more.',
} as const

const busy = { code: 'service_unavailable', message: 'Try again in a moment.' } as const

const failed = {
  code: 'internal_error',
  message: 'Something failed on our side. Tell the operator the request_id.',
} as const
