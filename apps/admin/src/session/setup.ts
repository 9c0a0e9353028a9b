import { queryOptions } from '@tanstack/react-query'
import { client } from '../client.ts'

/** Whether the server still waits for its first superuser. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: () => client.setup(),
  refetchInterval: ({ state }) => (state.data?.needs_superuser ? 2_000 : false),
})
