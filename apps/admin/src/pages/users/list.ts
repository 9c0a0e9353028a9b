import type { UserFilter, UserOrdering } from '@rollcall/sdk'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { client } from '../../client.ts'
import { perform } from '../../session/perform.ts'

/** One page of users. The one before stays while it comes. */
export function usersQuery(
  filter: UserFilter,
  ordering: UserOrdering | undefined,
  cursor: string | undefined,
  limit: number,
) {
  const query = { ...filter, ordering, cursor, limit }
  return queryOptions({
    queryKey: ['users', 'list', query],
    queryFn: ({ signal }) => perform(() => client.users.list(query, { signal })),
    placeholderData: keepPreviousData,
  })
}

/** How many match in all; asked for only when somebody wants to know. */
export function countQuery(filter: UserFilter) {
  return queryOptions({
    queryKey: ['users', 'count', filter],
    queryFn: ({ signal }) =>
      perform(async () => {
        const { count } = await client.users.list({ ...filter, limit: 1, count: true }, { signal })
        return count ?? 0
      }),
    staleTime: 30_000,
  })
}

/** Where a page starts, from the address of that page. */
export function cursorOf(url: string): string | undefined {
  return new URL(url, window.location.origin).searchParams.get('cursor') ?? undefined
}
