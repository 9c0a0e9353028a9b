import type { UserFilter } from '@rollcall/contract'
import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gte,
  inArray,
  lte,
  type SQL,
  sql,
} from 'drizzle-orm'
import { canonical } from '../../canonical.ts'
import { normalizeInstant } from '../../clock.ts'
import { prepared } from '../../db/prepared.ts'
import type { Queries, Store } from '../../db/store.ts'
import type { UserRow } from '../../db/tables.ts'
import type { Cursor, WalkOrdering } from './cursor.ts'
import { memberStart } from './profile.ts'
import { neverSignedIn } from './representation.ts'

/** What a list answers of an account. */
export type ListedUser = Omit<UserRow, 'rowKey' | 'passwordHash' | 'searchText' | 'version'>

type Place = { value: string; id: string }

/** Which accounts, in which order, from where. */
export interface UserSelection {
  readonly query: UserFilter
  /** As it is kept. */
  readonly phoneNumber: string | undefined
  readonly ordering: WalkOrdering
  readonly cursor: Cursor | undefined
  readonly limit: number
}

/** A condition, and how to find the rows that fulfil it without walking them all. */
interface Condition {
  readonly test: SQL
  /** A query for their keys by an index; absent where the ordering's own walk is best. */
  readonly keys?: SQL | undefined
  readonly isSearch?: boolean
}

/**
 * A condition that so few rows fulfil is answered by its own index and sorted;
 * for any other the index of the ordering is walked, which meets a page soon.
 */
const defaultFewRows = 3_000

/** So many rows of the ordering are looked at before a search gathers all that it finds. */
const defaultNearRows = 1_500

export type UserLists = ReturnType<typeof createUserLists>

export function createUserLists(
  { dialect, tables: { users, userRoles } }: Pick<Store, 'dialect' | 'tables'>,
  { fewRows = defaultFewRows, nearRows = defaultNearRows } = {},
) {
  const {
    rowKey: _1,
    passwordHash: _2,
    searchText: _3,
    version: _4,
    ...listed
  } = getTableColumns(users)
  const plainLists = new Map<string, (queries: Queries, values: Place) => Promise<ListedUser[]>>()

  return {
    /** One row more than the limit, if there is one, in the direction of the cursor. */
    async list(queries: Queries, selection: UserSelection): Promise<ListedUser[]> {
      const conditions = conditionsOf(selection)
      if (conditions.length === 0) return listAll(queries, selection)
      const tests = conditions.map(({ test }) => test)
      const from = after(selection, selection.cursor)
      const few = await findSelective(queries, conditions)
      if (few !== undefined) {
        return page(queries, selection, and(dialect.among(users, few), ...tests, from))
      }
      const search = conditions.find(({ isSearch }) => isSearch)
      if (!search?.keys) return page(queries, selection, and(...tests, from))

      // Most searches that find many find a page at once. One whose matches stand
      // together far down the ordering would walk nearly everything.
      const near = await nearest(queries, selection, and(...tests))
      if (near.length > selection.limit) return near
      const found = dialect.amongMany(users, search.keys)
      return page(queries, selection, and(found, ...tests, from))
    },

    async count(queries: Queries, selection: UserSelection): Promise<number> {
      const conditions = conditionsOf(selection)
      const few = await findSelective(queries, conditions)
      const searched = conditions.find(({ isSearch }) => isSearch)?.keys
      const isFew = few !== undefined
      const found = isFew
        ? dialect.among(users, few)
        : searched && dialect.amongMany(users, searched)
      const tests = conditions.map(({ test }) => test)
      const where = and(found, ...tests)
      const [row] = await queries.select({ count: count() }).from(users).where(where)
      return row?.count ?? 0
    },

    /** The names of accounts, by their ids. */
    async namesOf(queries: Queries, ids: readonly string[]): Promise<Map<string, string>> {
      const rows = await queries
        .select({ id: users.id, username: users.username })
        .from(users)
        .where(inArray(users.id, [...ids]))
      return new Map(rows.map(({ id, username }) => [id, username]))
    },

    /** The value of an account in the member that an ordering sorts by. */
    valueOf: (ordering: WalkOrdering, row: ListedUser): string =>
      row[orderings[memberOf(ordering)]],
  }

  /** Without a condition there are few different statements, and each is prepared once. */
  function listAll(queries: Queries, selection: UserSelection): Promise<ListedUser[]> {
    const { ordering, cursor, limit } = selection
    const shape = `users_list_${ordering}_${cursor?.direction ?? 'first'}_${limit}`
    let statement = plainLists.get(shape)
    if (!statement) {
      const place = { value: sql.placeholder('value'), id: sql.placeholder('id') }
      const build = (queries: Queries) =>
        page(queries, selection, cursor && after(selection, place))
      statement = prepared<ListedUser[], Place>(shape, build)
      plainLists.set(shape, statement)
    }
    return statement(queries, { value: cursor?.value ?? '', id: cursor?.id ?? '' })
  }

  function page(queries: Queries, selection: UserSelection, where: SQL | undefined) {
    const { column, isDescending } = orderingOf(selection)
    const direction = isDescending ? desc : asc
    return (
      queries
        .select(listed)
        .from(users)
        .where(where)
        .orderBy(direction(column), direction(users.id))
        // As a literal: SQLite plans a statement anew whenever a limit is bound to it.
        .limit(sql.raw(String(selection.limit + 1)) as unknown as number)
    )
  }

  /** Before a cursor the order is turned round; the caller turns the page back. */
  function orderingOf({ ordering, cursor }: UserSelection) {
    const isReversed = cursor?.direction === 'before'
    const isDescending = ordering.startsWith('-') !== isReversed
    return { column: users[orderings[memberOf(ordering)]], isDescending }
  }

  function after(
    selection: UserSelection,
    place: { value: unknown; id: unknown } | undefined,
  ): SQL | undefined {
    if (!place) return undefined
    const { column, isDescending } = orderingOf(selection)
    const { value, id } = place
    const sign = sql.raw(isDescending ? '<' : '>')
    return sql`(${column}, ${users.id}) ${sign} (${value}, ${id})`
  }

  /** Those of the next rows in the ordering that pass. */
  function nearest(queries: Queries, selection: UserSelection, tests: SQL | undefined) {
    const { column, isDescending } = orderingOf(selection)
    const direction = isDescending ? desc : asc
    // Under the name of the table, so that the tests find their columns.
    const next = queries
      .select()
      .from(users)
      .where(after(selection, selection.cursor))
      .orderBy(direction(column), direction(users.id))
      .limit(sql.raw(String(nearRows)) as unknown as number)
      .as('users')
    return queries
      .select(listed)
      .from(next)
      .where(tests)
      .orderBy(direction(column), direction(users.id))
      .limit(sql.raw(String(selection.limit + 1)) as unknown as number) as unknown as Promise<
      ListedUser[]
    >
  }

  /** The keys of all that fulfil one of the conditions, when they are few. */
  async function findSelective(queries: Queries, conditions: readonly Condition[]) {
    for (const { keys, isSearch } of conditions) {
      if (!keys || (isSearch && !dialect.searchesLazily)) continue
      const sample = sql`(SELECT key FROM (${keys}) AS found LIMIT ${sql.raw(String(fewRows + 1))}) AS few`
      const [row] = await queries.select({ count: count(), keys: dialect.gathered }).from(sample)
      if (row && row.count <= fewRows) return row.keys
    }
    return undefined
  }

  function conditionsOf(selection: UserSelection): Condition[] {
    const { query, phoneNumber } = selection
    const conditions: Condition[] = []
    const { email, username } = query
    if (email !== undefined) conditions.push({ test: eq(users.emailKey, canonical(email)) })
    if (username !== undefined)
      conditions.push({ test: eq(users.usernameKey, canonical(username)) })
    if (phoneNumber !== undefined) conditions.push({ test: eq(users.phoneNumber, phoneNumber) })
    const texts = textsOf(query.search)
    if (texts.length > 0) conditions.push(search(texts))
    if (query.role !== undefined) conditions.push(holds(query.role))
    if (query.is_active !== undefined) conditions.push(flag(users.isActive, query.is_active))
    if (query.is_staff !== undefined) conditions.push(flag(users.isStaff, query.is_staff))
    if (query.is_superuser !== undefined) {
      conditions.push(flag(users.isSuperuser, query.is_superuser))
    }
    conditions.push(...times(selection))
    return conditions
  }

  function times({ query, ordering }: UserSelection): Condition[] {
    const conditions: Condition[] = []
    const { date_joined_after: from, date_joined_before: until, last_login_before: last } = query
    const isByJoining = memberOf(ordering) === 'date_joined'
    const joined = isByJoining ? sql`${users.dateJoined}` : dialect.unindexed(users.dateJoined)
    if (from) {
      const test = sql`${joined} >= ${normalizeInstant(from)}`
      conditions.push({ test, keys: keysWhere(gte(users.dateJoined, normalizeInstant(from))) })
    }
    if (until) {
      const test = sql`${joined} <= ${normalizeInstant(until)}`
      conditions.push({ test, keys: keysWhere(lte(users.dateJoined, normalizeInstant(until))) })
    }
    if (last) {
      const isBySignIn = memberOf(ordering) === 'last_login'
      const signedIn = isBySignIn ? sql`${users.lastLogin}` : dialect.unindexed(users.lastLogin)
      const range = (column: SQL) =>
        sql`${column} > ${neverSignedIn} AND ${column} <= ${normalizeInstant(last)}`
      // Nobody signs in before they join: so a walk by joining skips those who joined since.
      const test = sql`${range(signedIn)} AND ${joined} <= ${normalizeInstant(last)}`
      conditions.push({ test, keys: keysWhere(range(sql`${users.lastLogin}`)) })
    }
    return conditions
  }

  function holds(roleId: string): Condition {
    const holders = sql`SELECT ${userRoles.userId} FROM ${userRoles} WHERE ${eq(userRoles.roleId, roleId)}`
    const held = sql`SELECT 1 FROM ${userRoles} WHERE ${userRoles.userId} = ${users.id} AND ${eq(userRoles.roleId, roleId)}`
    return {
      test: sql`EXISTS (${held})`,
      keys: sql`SELECT ${dialect.key(users)} AS key FROM ${users} WHERE ${users.id} IN (${holders})`,
    }
  }

  function keysWhere(test: SQL): SQL {
    return sql`SELECT ${dialect.key(users)} AS key FROM ${users} WHERE ${test}`
  }

  /** The rarer value of each flag has an index of its own, which its literal text selects. */
  function flag(column: typeof users.isActive, value: boolean): Condition {
    const literal = sql.raw(value ? 'true' : 'false')
    return {
      test: sql`${dialect.unindexed(column)} = ${literal}`,
      keys: keysWhere(sql`${column} = ${literal}`),
    }
  }

  function search(texts: readonly string[]): Condition {
    const test = sql.join(
      texts.map((text) => dialect.contains(users, text)),
      sql` AND `,
    )
    return { test, keys: dialect.keysContaining(users, texts), isSearch: true }
  }
}

/** The member in an ordering, and the column it sorts by. */
const orderings = {
  date_joined: 'dateJoined',
  last_login: 'lastLogin',
  username: 'usernameKey',
  email: 'emailKey',
  id: 'id',
} as const

function memberOf(ordering: WalkOrdering): keyof typeof orderings {
  return ordering.replace('-', '') as keyof typeof orderings
}

/**
 * What the search text must hold. The indexes know runs of three characters, so
 * a shorter word is looked for where a member starts.
 */
function textsOf(search: string | undefined): string[] {
  return canonical(search ?? '')
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => ([...word].length < 3 ? `${memberStart}${word}` : word))
}
