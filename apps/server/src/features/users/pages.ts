import type { UserListQuery, UserOrdering, UserPage } from '@rollcall/contract'
import type { Store } from '../../db/store.ts'
import { invalidFields } from '../../problem.ts'
import type { RolesService } from '../roles/service.ts'
import { type Cursor, createCursors } from './cursor.ts'
import { createUserLists, type ListedUser, type UserSelection } from './list-repository.ts'
import { normalizePhoneNumber } from './phone.ts'
import { toUser } from './representation.ts'

const defaultOrdering = '-date_joined'
const defaultLimit = 50

export type UserPages = ReturnType<typeof createUserPages>

/** Lists accounts page by page, by keyset: a page costs the same however far down it is. */
export function createUserPages(dependencies: {
  store: Store
  roles: RolesService
  secret: string
  publicUrl: string
  phoneRegion?: string | undefined
}) {
  const { store, roles, secret, publicUrl, phoneRegion } = dependencies
  const lists = createUserLists(store)
  const cursors = createCursors(secret)

  return {
    async list(query: UserListQuery): Promise<UserPage> {
      const selection = select(query)
      const rows = await lists.list(store.replica, selection)
      const hasMore = rows.length > selection.limit
      const page = rows.slice(0, selection.limit)
      const isBackwards = selection.cursor?.direction === 'before'
      if (isBackwards) page.reverse()
      const hasNext = isBackwards || hasMore
      const hasPrevious = isBackwards ? hasMore : selection.cursor !== undefined
      const names = await roles.namesOf(store.replica, page)
      return {
        results: page.map((row) => toUser(row, names.get(row.id))),
        next: hasNext ? link(query, selection, 'after', page.at(-1)) : null,
        previous: hasPrevious ? link(query, selection, 'before', page.at(0)) : null,
        ...(query.count && { count: await lists.count(store.replica, selection) }),
      }
    },
  }

  function select(query: UserListQuery): UserSelection {
    const ordering = query.ordering ?? defaultOrdering
    const { phone_number: phone } = query
    return {
      query,
      ordering,
      cursor: query.cursor === undefined ? undefined : readCursor(query.cursor, ordering),
      limit: query.limit ?? defaultLimit,
      phoneNumber: phone && (normalizePhoneNumber(phone, phoneRegion) ?? phone),
    }
  }

  function readCursor(text: string, ordering: UserOrdering): Cursor {
    const cursor = cursors.decode(text)
    if (cursor?.ordering !== ordering) throw invalidFields(badCursor)
    return cursor
  }

  /** The same list from another place; an empty page leads back to where it came from. */
  function link(
    query: UserListQuery,
    { ordering, cursor }: UserSelection,
    direction: Cursor['direction'],
    row: ListedUser | undefined,
  ): string | null {
    const from = row ? { value: lists.valueOf(ordering, row), id: row.id } : cursor
    if (!from) return null
    const { value, id } = from
    const parameters = new URLSearchParams()
    for (const [name, member] of Object.entries(query)) {
      if (name !== 'cursor' && member !== false) parameters.set(name, String(member))
    }
    parameters.set('cursor', cursors.encode({ ordering, direction, value, id }))
    return `${publicUrl}/api/users/?${parameters}`
  }
}

const badCursor = {
  field: 'cursor',
  code: 'invalid',
  detail: 'Take the cursor from `next` or `previous` of a page in the same ordering.',
} as const
