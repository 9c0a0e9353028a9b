import type { UserFilter } from '@rollcall/contract'
import { and, eq, gte, lte, or, type SQL, sql } from 'drizzle-orm'
import { canonical } from '../../canonical.ts'
import { normalizeInstant } from '../../clock.ts'
import type { Store } from '../../db/store.ts'
import type { WalkOrdering } from './cursor.ts'
import { memberStart } from './profile.ts'
import { neverSignedIn } from './representation.ts'

/** Which accounts, with what the filter names in the form in which it is kept. */
export interface Wanted {
  readonly query: UserFilter
  readonly phoneNumber?: string | undefined
  /** What the search is when it is a whole id, or a whole phone number. */
  readonly searchedId?: string | undefined
  readonly searchedPhoneNumber?: string | undefined
}

/** A condition, and how to find the rows that fulfil it without walking them all. */
export interface Condition {
  readonly test: SQL
  /** A query for their keys by an index; absent where the ordering's own walk is best. */
  readonly keys?: SQL | undefined
  /** Whether its rows may stand together anywhere in the ordering. */
  readonly isScattered?: boolean
  /** Whether it is a search, of which not every index tells the first matches soon. */
  readonly isSearch?: boolean
}

/** Turns filters and searches into conditions of both dialects. */
export function createConditions({ dialect, tables }: Pick<Store, 'dialect' | 'tables'>) {
  const { users, userRoles } = tables

  return (wanted: Wanted, ordering: WalkOrdering): Condition[] => {
    const { query, phoneNumber } = wanted
    const { email, username } = query
    const isBy = (member: string) => ordering.replace('-', '') === member
    return [
      email === undefined ? undefined : { test: eq(users.emailKey, canonical(email)) },
      username === undefined ? undefined : { test: eq(users.usernameKey, canonical(username)) },
      phoneNumber === undefined ? undefined : { test: eq(users.phoneNumber, phoneNumber) },
      search(wanted),
      query.role === undefined ? undefined : holds(query.role),
      flag(users.isActive, query.is_active),
      flag(users.isStaff, query.is_staff),
      flag(users.isSuperuser, query.is_superuser),
      joined(query, isBy('date_joined')),
      signedIn(query, isBy('last_login'), isBy('date_joined')),
    ].filter((condition) => condition !== undefined)
  }

  function search(wanted: Wanted): Condition | undefined {
    const { query, searchedId, searchedPhoneNumber } = wanted
    const texts = textsOf(query.search)
    if (texts.length === 0) return undefined
    const contains = texts.map((text) => dialect.contains(users, text))
    const wholes = [
      searchedId ? eq(users.id, searchedId) : undefined,
      searchedPhoneNumber ? eq(users.phoneNumber, searchedPhoneNumber) : undefined,
    ].filter((test) => test !== undefined)
    const keys = [dialect.keysContaining(users, texts), ...wholes.map(keysWhere)]
    return {
      test: or(and(...contains), ...wholes) ?? sql`true`,
      keys: sql.join(keys, sql` UNION `),
      isScattered: true,
      isSearch: true,
    }
  }

  function holds(roleId: string): Condition {
    const isHeld = eq(userRoles.roleId, roleId)
    const held = sql`SELECT 1 FROM ${userRoles} WHERE ${userRoles.userId} = ${users.id} AND ${isHeld}`
    return {
      // Most accounts have no role: their rows say so.
      test: sql`${users.hasRoles} = true AND EXISTS (${held})`,
      keys: dialect.keysHolding(tables, roleId),
      isScattered: true,
    }
  }

  /** The rarer value of each flag has an index of its own, which its literal text selects. */
  function flag(column: typeof users.isActive, value: boolean | undefined): Condition | undefined {
    if (value === undefined) return undefined
    const literal = sql.raw(value ? 'true' : 'false')
    return {
      test: sql`${dialect.unindexed(column)} = ${literal}`,
      keys: keysWhere(sql`${column} = ${literal}`),
    }
  }

  function joined(query: UserFilter, isOrdering: boolean): Condition | undefined {
    const { date_joined_after: from, date_joined_before: until } = query
    const within = (column: SQL) =>
      and(
        from ? gte(column, normalizeInstant(from)) : undefined,
        until ? lte(column, normalizeInstant(until)) : undefined,
      )
    const column = isOrdering ? sql`${users.dateJoined}` : dialect.unindexed(users.dateJoined)
    return condition(within(column), within(sql`${users.dateJoined}`))
  }

  function signedIn(
    query: UserFilter,
    isOrdering: boolean,
    isByJoining: boolean,
  ): Condition | undefined {
    const { last_login_after: from, last_login_before: until } = query
    if (!from && !until) return undefined
    const within = (column: SQL) =>
      and(
        sql`${column} > ${neverSignedIn}`,
        from ? gte(column, normalizeInstant(from)) : undefined,
        until ? lte(column, normalizeInstant(until)) : undefined,
      )
    const column = isOrdering ? sql`${users.lastLogin}` : dialect.unindexed(users.lastLogin)
    // Nobody signs in before they join: so a walk by joining skips those who joined since.
    const joined = isByJoining ? sql`${users.dateJoined}` : dialect.unindexed(users.dateJoined)
    const earlier = until ? lte(joined, normalizeInstant(until)) : undefined
    return condition(and(within(column), earlier), within(sql`${users.lastLogin}`))
  }

  function condition(test: SQL | undefined, indexed: SQL | undefined): Condition | undefined {
    return test && indexed && { test, keys: keysWhere(indexed) }
  }

  function keysWhere(test: SQL): SQL {
    return sql`SELECT ${dialect.key(users)} AS key FROM ${users} WHERE ${test}`
  }
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
