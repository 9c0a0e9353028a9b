import { isApiError, NetworkError } from '@rollcall/sdk'
import { QueryClient, queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'
import { isCancelled } from './errors.ts'
import { perform } from './session/perform.ts'

/** How often what may change elsewhere is asked for again, in milliseconds. */
const meMs = 15_000

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Each page asks anew when it is opened: what it shows may be refused by now.
      staleTime: 0,
      retry: (failures, error) => failures < 2 && isPassing(error),
      // React Query compares old and new data by itself; errors are shown in their place.
      throwOnError: false,
    },
    // Offline it fails at once, and what was typed stays where it is.
    mutations: { networkMode: 'always' },
  },
})

/** Whether the same call may well succeed in a moment. */
function isPassing(error: unknown): boolean {
  if (isCancelled(error)) return false
  return error instanceof NetworkError || isApiError(error, 'service_unavailable')
}

/** Who is signed in, and what they may do now. Asked again and again: both end elsewhere. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => perform(() => client.users.me()),
  refetchInterval: meMs,
  refetchOnWindowFocus: 'always',
})

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: () => perform(async () => (await client.roles.list()).results),
})

export const permissionsQuery = queryOptions({
  queryKey: ['permissions'],
  queryFn: () => perform(async () => (await client.permissions.list()).results),
  staleTime: Number.POSITIVE_INFINITY,
})

/** One account with its `ETag`. */
export function userQuery(id: string) {
  return queryOptions({
    queryKey: ['user', id],
    queryFn: () =>
      perform(async () => {
        const { data, headers } = await client.users.get(id).withResponse()
        return { user: data, etag: headers.get('etag') ?? undefined }
      }),
  })
}

export function sessionsQuery(id: string) {
  return queryOptions({
    queryKey: ['user', id, 'sessions'],
    queryFn: () => perform(async () => (await client.users.sessions(id)).results),
  })
}

/** What the lists and the overview show may have changed with an account. */
export function refreshUsers(): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey }) => ['users', 'overview', 'audit'].includes(String(queryKey[0])),
  })
}
