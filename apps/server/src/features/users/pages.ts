import type { UserFilter, UserListQuery, UserOrdering, UserPage } from '@rollcall/contract'
import type { Store } from '../../db/store.ts'
import { invalidFields } from '../../problem.ts'
import type { RolesService } from '../roles/service.ts'
import type { Wanted } from './conditions-repository.ts'
import { type Cursor, createCursors, type WalkOrdering } from './cursor.ts'
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

    /** Accounts in the order of their ids, and the cursor of those that follow. */
    async listIds(filter: UserFilter, cursor: string | undefined, limit: number) {
      const from = cursor === undefined ? undefined : readCursor(cursor, 'id')
      const accounts: ListedUser[] = []
      for await (const rows of lists.walk(store.read, wantedBy(filter), 'id', from)) {
        accounts.push(...rows)
        if (accounts.length > limit) break
      }
      const last = accounts.length > limit ? accounts[limit - 1] : undefined
      return {
        accounts: accounts.slice(0, limit).map(({ id, username }) => ({ id, username })),
        next: last ? cursors.encode(placeAt('id', 'after', last)) : null,
      }
    },

    /** The accounts of these ids, in their order, with their names where there are such. */
    async named(ids: readonly string[]) {
      const names = await lists.namesOf(store.read, ids)
      return ids.map((id) => ({ id, username: names.get(id) ?? null }))
    },

    /** Every account that the query selects, some at a time. */
    async *walk(query: UserFilter, ordering: UserOrdering = defaultOrdering) {
      for await (const rows of lists.walk(store.replica, wantedBy(query), ordering)) {
        const names = await roles.namesOf(store.replica, rows)
        yield rows.map((row) => toUser(row, names.get(row.id)))
      }
    },
  }

  function select(query: UserListQuery): UserSelection {
    const { ordering = defaultOrdering, cursor, limit = defaultLimit } = query
    return {
      ...wantedBy(query),
      ordering,
      cursor: cursor === undefined ? undefined : readCursor(cursor, ordering),
      limit,
    }
  }

  /** What the query names, as it is kept. */
  function wantedBy(query: UserFilter): Wanted {
    const { phone_number: phone, search } = query
    const searched = search?.trim()
    return {
      query,
      phoneNumber: phone && (normalizePhoneNumber(phone, phoneRegion) ?? phone),
      searchedId: searched && idForm.test(searched) ? searched.toLowerCase() : undefined,
      searchedPhoneNumber: searched && normalizePhoneNumber(searched, phoneRegion),
    }
  }

  function readCursor(text: string, ordering: WalkOrdering): Cursor {
    const cursor = cursors.decode(text)
    if (cursor?.ordering !== ordering) throw invalidFields(badCursor)
    return cursor
  }

  function placeAt(
    ordering: WalkOrdering,
    direction: Cursor['direction'],
    row: ListedUser,
  ): Cursor {
    return { ordering, direction, value: lists.valueOf(ordering, row), id: row.id }
  }

  /** The same list from another place; an empty page leads back to where it came from. */
  function link(
    query: UserListQuery,
    { ordering, cursor }: UserSelection,
    direction: Cursor['direction'],
    row: ListedUser | undefined,
  ): string | null {
    const from = row ? placeAt(ordering, direction, row) : cursor && { ...cursor, direction }
    if (!from) return null
    const parameters = new URLSearchParams()
    for (const [name, member] of Object.entries(query)) {
      const isUsual = name === 'count' && member === false
      if (name !== 'cursor' && !isUsual) parameters.set(name, String(member))
    }
    parameters.set('cursor', cursors.encode(from))
    return `${publicUrl}/api/users/?${parameters}`
  }
}

const idForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const badCursor = {
  field: 'cursor',
  code: 'invalid',
  detail: 'Take the cursor from `next` or `previous` of a page in the same ordering.',
} as const
