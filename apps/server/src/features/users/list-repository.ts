import type { UserListQuery, UserOrdering } from '@rollcall/contract'
import { and, asc, count, desc, eq, gte, lte, type SQL, sql } from 'drizzle-orm'
import { canonical } from '../../canonical.ts'
import { normalizeInstant } from '../../clock.ts'
import type { Queries, Store } from '../../db/store.ts'
import type { UserRow } from '../../db/tables.ts'
import type { Cursor } from './cursor.ts'
import { neverSignedIn } from './representation.ts'

/** Which accounts, in which order, from where. */
export interface UserSelection {
  readonly query: UserListQuery
  /** As it is kept. */
  readonly phoneNumber: string | undefined
  readonly ordering: UserOrdering
  readonly cursor: Cursor | undefined
  readonly limit: number
}

/** A condition, and how to find the rows that fulfil it without walking them all. */
interface Condition {
  readonly test: SQL
  /** A query for the ids by an index; absent where the ordering's own walk is best. */
  readonly ids?: SQL | undefined
}

/**
 * A condition that so few rows fulfil is answered by its own index and sorted;
 * for any other the index of the ordering is walked, which meets a page soon.
 */
const fewRows = 2_000

export type UserLists = ReturnType<typeof createUserLists>

export function createUserLists({ dialect, tables: { users } }: Store) {
  return {
    /** One row more than the limit, if there is one, in the direction of the cursor. */
    async list(queries: Queries, selection: UserSelection): Promise<UserRow[]> {
      const { column, isDescending } = orderingOf(selection)
      const direction = isDescending ? desc : asc
      return queries
        .select()
        .from(users)
        .where(and(await narrowed(queries, selection), after(selection)))
        .orderBy(direction(column), direction(users.id))
        .limit(selection.limit + 1)
    },

    async count(queries: Queries, selection: UserSelection): Promise<number> {
      const where = await narrowed(queries, selection)
      const [row] = await queries.select({ count: count() }).from(users).where(where)
      return row?.count ?? 0
    },

    /** The value of an account in the member that an ordering sorts by. */
    valueOf: (ordering: UserOrdering, row: UserRow): string => row[orderings[memberOf(ordering)]],
  }

  /** Before a cursor the order is turned round; the caller turns the page back. */
  function orderingOf({ ordering, cursor }: UserSelection) {
    const isReversed = cursor?.direction === 'before'
    const isDescending = ordering.startsWith('-') !== isReversed
    return { column: users[orderings[memberOf(ordering)]], isDescending }
  }

  function after(selection: UserSelection): SQL | undefined {
    if (!selection.cursor) return undefined
    const { column, isDescending } = orderingOf(selection)
    const { value, id } = selection.cursor
    const sign = sql.raw(isDescending ? '<' : '>')
    return sql`(${column}, ${users.id}) ${sign} (${value}, ${id})`
  }

  async function narrowed(queries: Queries, selection: UserSelection): Promise<SQL | undefined> {
    const conditions = conditionsOf(selection)
    const tests = conditions.map(({ test }) => test)
    for (const { ids } of conditions) {
      if (ids && (await isSelective(queries, ids))) {
        return and(sql`${users.id} IN (${ids})`, ...tests)
      }
    }
    return and(...tests)
  }

  async function isSelective(queries: Queries, ids: SQL): Promise<boolean> {
    const [row] = await queries
      .select({ count: count() })
      .from(sql`(SELECT 1 FROM (${ids}) AS found LIMIT ${fewRows + 1}) AS sample`)
    return (row?.count ?? 0) <= fewRows
  }

  function conditionsOf({ query, phoneNumber }: UserSelection): Condition[] {
    const conditions: Condition[] = []
    const { email, username } = query
    if (email !== undefined) conditions.push({ test: eq(users.emailKey, canonical(email)) })
    if (username !== undefined)
      conditions.push({ test: eq(users.usernameKey, canonical(username)) })
    if (phoneNumber !== undefined) conditions.push({ test: eq(users.phoneNumber, phoneNumber) })
    conditions.push(...words(query.search).map(contains))
    if (query.is_active !== undefined) conditions.push(flag(users.isActive, query.is_active))
    if (query.is_staff !== undefined) conditions.push(flag(users.isStaff, query.is_staff))
    if (query.is_superuser !== undefined) {
      conditions.push(flag(users.isSuperuser, query.is_superuser))
    }
    conditions.push(...times(query))
    return conditions
  }

  function times(query: UserListQuery): Condition[] {
    const conditions: Condition[] = []
    const { date_joined_after: from, date_joined_before: until, last_login_before: last } = query
    if (from) conditions.push(indexed(gte(users.dateJoined, normalizeInstant(from))))
    if (until) conditions.push(indexed(lte(users.dateJoined, normalizeInstant(until))))
    if (last) {
      const range = sql`${users.lastLogin} > ${neverSignedIn} AND ${users.lastLogin} <= ${normalizeInstant(last)}`
      conditions.push(indexed(range))
    }
    return conditions
  }

  function indexed(test: SQL): Condition {
    return { test, ids: sql`SELECT ${users.id} FROM ${users} WHERE ${test}` }
  }

  /** The rarer value of each flag has an index of its own, which its literal text selects. */
  function flag(column: typeof users.isActive, value: boolean): Condition {
    const literal = sql.raw(value ? 'true' : 'false')
    return {
      test: sql`${dialect.unindexed(column)} = ${literal}`,
      ids: sql`SELECT ${users.id} FROM ${users} WHERE ${column} = ${literal}`,
    }
  }

  function contains(word: string): Condition {
    return { test: dialect.contains(users, word), ids: dialect.idsContaining(users, word) }
  }
}

/** The member in an ordering, and the column it sorts by. */
const orderings = {
  date_joined: 'dateJoined',
  last_login: 'lastLogin',
  username: 'usernameKey',
  email: 'emailKey',
} as const

function memberOf(ordering: UserOrdering): keyof typeof orderings {
  return ordering.replace('-', '') as keyof typeof orderings
}

function words(search: string | undefined): string[] {
  return canonical(search ?? '')
    .split(/\s+/)
    .filter(Boolean)
}
