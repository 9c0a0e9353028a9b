import { setImmediate } from 'node:timers/promises'
import { and, asc, count, desc, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm'
import { prepared } from '../../db/prepared.ts'
import type { Queries, Store } from '../../db/store.ts'
import type { UserRow } from '../../db/tables.ts'
import { type Condition, createConditions, type Wanted } from './conditions-repository.ts'
import type { Cursor, WalkOrdering } from './cursor.ts'

/** What a list answers of an account. */
export type ListedUser = Omit<UserRow, 'rowKey' | 'passwordHash' | 'searchText' | 'version'>

type Place = { value: string; id: string }

/** A place, or the placeholders of one. */
type AnyPlace = { value: unknown; id: unknown }

/** In which order, and which way. */
type Way = Pick<UserSelection, 'ordering' | 'cursor'>

/** Which accounts, in which order, from where. */
export interface UserSelection extends Wanted {
  readonly ordering: WalkOrdering
  readonly cursor: Cursor | undefined
  readonly limit: number
}

/**
 * A condition that so few rows fulfil is answered by its own index and sorted;
 * for any other the index of the ordering is walked, which meets a page soon.
 */
const defaultFewRows = 3_000

/** So many rows of the ordering are looked at before all that may stand anywhere are gathered. */
const defaultNearRows = 1_500

/** A walk looks at so many rows of the ordering at a time: fewer where it finds most of them. */
const defaultWindow = { smallest: 500, largest: 16_000 }

export type UserLists = ReturnType<typeof createUserLists>

export function createUserLists(
  store: Pick<Store, 'dialect' | 'tables'>,
  { fewRows = defaultFewRows, nearRows = defaultNearRows, window = defaultWindow } = {},
) {
  const { dialect } = store
  const { users } = store.tables
  const {
    rowKey: _1,
    passwordHash: _2,
    searchText: _3,
    version: _4,
    ...listed
  } = getTableColumns(users)
  const conditionsOf = createConditions(store)
  const plainLists = new Map<string, (queries: Queries, values: Place) => Promise<ListedUser[]>>()

  return {
    /** One row more than the limit, if there is one, in the direction of the cursor. */
    async list(queries: Queries, selection: UserSelection): Promise<ListedUser[]> {
      const conditions = conditionsOf(selection, selection.ordering)
      if (conditions.length === 0) return listAll(queries, selection)
      const tests = conditions.map(({ test }) => test)
      const from = after(selection, selection.cursor)
      const few = await findSelective(queries, conditions)
      if (few !== undefined) {
        return page(queries, selection, and(dialect.among(users, few), ...tests, from))
      }
      const scattered = conditions.find(({ isScattered }) => isScattered)
      if (!scattered?.keys) return page(queries, selection, and(...tests, from))

      // Most searches that find many find a page at once. One whose matches stand
      // together far down the ordering would walk nearly everything.
      const near = await nearest(queries, selection, and(...tests))
      if (near.length > selection.limit) return near
      const found = dialect.amongMany(users, scattered.keys)
      return page(queries, selection, and(found, ...tests, from))
    },

    /** All that are wanted, in order, some at a time; each time a bounded part is looked at. */
    async *walk(
      queries: Queries,
      wanted: Wanted,
      ordering: WalkOrdering,
      from?: Place,
    ): AsyncGenerator<ListedUser[]> {
      const conditions = conditionsOf(wanted, ordering)
      const tests = conditions.map(({ test }) => test)
      const test = and(...tests)
      const way = { ordering, cursor: undefined }
      const few = await findSelective(queries, conditions)
      if (few !== undefined) {
        const found = and(dialect.among(users, few), test, after(way, from))
        yield await page(queries, { ...way, limit: fewRows }, found)
        return
      }
      let place = from
      let size = window.smallest
      for (;;) {
        const end = await endOf(queries, way, place, size)
        const rows = await between(queries, way, { place, end, size, test })
        if (rows.length > 0) yield rows
        if (!end) return
        // SQLite answers within the turn of the event loop: others shall have theirs.
        await setImmediate()
        place = end
        if (rows.length < size / 4) size = Math.min(size * 2, window.largest)
        else size = window.smallest
      }
    },

    async count(queries: Queries, selection: UserSelection): Promise<number> {
      const conditions = conditionsOf(selection, selection.ordering)
      const few = await findSelective(queries, conditions)
      const scattered = conditions.find(({ isScattered }) => isScattered)?.keys
      const isFew = few !== undefined
      const found = isFew
        ? dialect.among(users, few)
        : scattered && dialect.amongMany(users, scattered)
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

  function page(
    queries: Queries,
    selection: Way & Pick<UserSelection, 'limit'>,
    where: SQL | undefined,
  ) {
    const { column, isDescending } = orderingOf(selection)
    const direction = isDescending ? desc : asc
    return queries
      .select(listed)
      .from(users)
      .where(where)
      .orderBy(direction(column), direction(users.id))
      .limit(literal(selection.limit + 1))
  }

  /** Before a cursor the order is turned round; the caller turns the page back. */
  function orderingOf({ ordering, cursor }: Way) {
    const isReversed = cursor?.direction === 'before'
    const isDescending = ordering.startsWith('-') !== isReversed
    return { column: users[orderings[memberOf(ordering)]], isDescending }
  }

  function after(way: Way, place: AnyPlace | undefined): SQL | undefined {
    return place && compare(way, orderingOf(way).isDescending ? '<' : '>', place)
  }

  function upTo(way: Way, place: AnyPlace | undefined): SQL | undefined {
    return place && compare(way, orderingOf(way).isDescending ? '>=' : '<=', place)
  }

  function compare(way: Way, sign: string, { value, id }: AnyPlace): SQL {
    const { column } = orderingOf(way)
    return sql`(${column}, ${users.id}) ${sql.raw(sign)} (${value}, ${id})`
  }

  /** The last of the next rows in the ordering; nothing where there are fewer. */
  async function endOf(
    queries: Queries,
    way: Way,
    place: Place | undefined,
    size: number,
  ): Promise<Place | undefined> {
    const { column, isDescending } = orderingOf(way)
    const direction = isDescending ? desc : asc
    const [end] = await queries
      .select({ value: column, id: users.id })
      .from(users)
      .where(after(way, place))
      .orderBy(direction(column), direction(users.id))
      .limit(literal(1))
      .offset(literal(size - 1))
    return end
  }

  /** All that pass from one place to another, of no more rows than stand there. */
  function between(
    queries: Queries,
    way: Way,
    part: { place: Place | undefined; end: Place | undefined; size: number; test: SQL | undefined },
  ): Promise<ListedUser[]> {
    const within = and(after(way, part.place), upTo(way, part.end))
    // The limit tells PostgreSQL how few rows stand between; some may have come since.
    return passing(queries, way, { within, rows: part.size * 2, test: part.test })
  }

  /** Those of the next rows in the ordering that pass. */
  function nearest(queries: Queries, selection: UserSelection, test: SQL | undefined) {
    const within = after(selection, selection.cursor)
    return passing(queries, selection, { within, rows: nearRows, test }, selection.limit + 1)
  }

  /** Those that pass of so many rows, which are met by the index of the ordering. */
  function passing(
    queries: Queries,
    way: Way,
    { within, rows, test }: { within: SQL | undefined; rows: number; test: SQL | undefined },
    limit = rows,
  ): Promise<ListedUser[]> {
    const { column, isDescending } = orderingOf(way)
    const direction = isDescending ? desc : asc
    // Under the name of the table, so that the tests find their columns.
    const next = queries
      .select()
      .from(users)
      .where(within)
      .orderBy(direction(column), direction(users.id))
      .limit(literal(rows))
      .as('users')
    const found = queries
      .select(listed)
      .from(next)
      .where(test)
      .orderBy(direction(column), direction(users.id))
      .limit(literal(limit))
    return found as unknown as Promise<ListedUser[]>
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
}

/** SQLite plans a statement anew whenever a limit is bound to it. */
function literal(limit: number): number {
  return sql.raw(String(limit)) as unknown as number
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
