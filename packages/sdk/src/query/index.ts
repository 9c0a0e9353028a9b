import type { Call, CallOptions } from '../call.ts'
import { operations } from '../generated/operations.gen.ts'
import type { OperationId, ReadId, Resources } from '../generated/types.gen.ts'
import { type Operation, readOperation } from '../operation.ts'
import { cursorOf, type List, type Page } from '../paging.ts'

/** What `useQuery`, `prefetchQuery` and their like of TanStack Query take. */
export interface Query<T> {
  readonly queryKey: QueryKey
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<T>
  /** The client has tried again already. */
  readonly retry: false
}

/** What `useInfiniteQuery` takes. */
export interface InfiniteQuery<T> {
  readonly queryKey: QueryKey
  readonly queryFn: (context: {
    readonly signal: AbortSignal
    readonly pageParam: string | undefined
  }) => Promise<T>
  readonly initialPageParam: string | undefined
  readonly getNextPageParam: (page: T) => string | undefined
  readonly retry: false
}

/** `['rollcall', noun, verb, ...arguments]`. */
export type QueryKey = readonly unknown[]

/** The queries of an operation that reads: called as the operation is. */
export type QueryFactory<Method> = Method extends (...given: infer Given) => Call<infer T>
  ? ((...given: Given) => Query<T>) & {
      /** What the keys of all its queries begin with. */
      readonly queryKey: QueryKey
    } & (ReturnType<Method> extends List<infer P, infer _Item>
        ? {
            /** The same page by page, for `useInfiniteQuery`. */
            infinite(...given: Given): InfiniteQuery<P>
          }
        : unknown)
  : never

/** The queries of a client: `queries.users.list({ search })`. */
export type Queries<C> = {
  readonly [Noun in keyof C & keyof Resources]: Noun extends ReadId
    ? QueryFactory<C[Noun]>
    : QueriesOf<C[Noun], Noun>
}

type QueriesOf<Resource, Noun extends string> = {
  readonly [Verb in keyof Resource as Verb extends string
    ? `${Noun}.${Verb}` extends ReadId
      ? Verb
      : never
    : never]: QueryFactory<Resource[Verb]>
} & {
  /** What the keys of all queries of the resource begin with. */
  readonly queryKey: QueryKey
}

/** Makes the queries of all that the client can read. It sends nothing. */
export function createQueries<C extends object>(client: C): Queries<C> {
  const queries: Record<string, object> = {}
  for (const [noun, rows] of Object.entries(operations)) {
    const resource: unknown = Reflect.get(client, noun)
    if (!resource) continue
    queries[noun] =
      typeof rows === 'string'
        ? createFactory([noun], rows, resource)
        : Object.assign(
            Object.fromEntries(
              Object.entries(rows).map(([verb, row]) => [
                verb,
                createFactory([noun, verb], row, Reflect.get(resource as object, verb)),
              ]),
            ),
            { queryKey: ['rollcall', noun] },
          )
  }
  // The table of operations and the types of the client are generated from the same contract.
  return queries as unknown as Queries<C>
}

type Method = (...given: unknown[]) => Promise<unknown>

function createFactory(path: string[], row: string, method: unknown) {
  const operation = readOperation(path.join('.') as OperationId, row)
  const prefix = ['rollcall', ...path]
  const call = (given: unknown[], query: object, signal: AbortSignal) =>
    (method as Method)(...argumentsOf(operation, given, query, signal))

  const query = (...given: unknown[]): Query<unknown> => ({
    queryKey: [...prefix, ...given],
    queryFn: ({ signal }) => call(given, {}, signal),
    retry: false,
  })

  const infinite = (...given: unknown[]): InfiniteQuery<unknown> => ({
    queryKey: [...prefix, ...given, 'infinite'],
    queryFn: ({ signal, pageParam }) => call(given, { cursor: pageParam }, signal),
    initialPageParam: undefined,
    getNextPageParam: (page) => cursorOf(page as Page<unknown>),
    retry: false,
  })

  return Object.assign(query, { queryKey: prefix, infinite })
}

/** What was given, with the signal among the options, and the cursor in the query if there is one. */
function argumentsOf(operation: Operation, given: unknown[], query: object, signal: AbortSignal) {
  const count = operation.path.split(':').length - 1
  const params = given.slice(0, count)
  const hasQuery = operation.has('query')
  const payload = hasQuery ? [{ ...(given[count] as object), ...query }] : []
  const options = given[count + payload.length] as CallOptions | undefined
  return [...params, ...payload, { ...options, signal }]
}
