import { supportRole, type UserFilter } from '@rollcall/contract'
import { canonical } from '../../../src/canonical.ts'
import type { WalkOrdering } from '../../../src/features/users/cursor.ts'
import { memberStart, searchTextOf } from '../../../src/features/users/profile.ts'
import type { NewUserRow } from '../../../src/features/users/repository.ts'
import { neverSignedIn } from '../../../src/features/users/representation.ts'
import { newUser } from '../../db/stores.ts'

/** What searches stumble over: other scripts, wildcards and quotes. */
const oddities = [
  'Straße 50%',
  'a_b',
  'back\\slash',
  '"quoted"',
  "O'Neill",
  'ἑλλάς',
  '日本語',
  'Liddell 🐇',
  'É́mile',
  'x(a)*^',
]

/** Accounts with many equal values, in no order. */
export const accounts: NewUserRow[] = Array.from({ length: 60 }, (_, number) =>
  account((number * 37) % 60),
)

function account(number: number): NewUserRow {
  const username = `${number % 2 ? 'User' : 'user'}${String(number).padStart(2, '0')}`
  const row = newUser(username, {
    usernameKey: canonical(username),
    email: `${username}@Example.com`,
    emailKey: canonical(`${username}@Example.com`),
    firstName: oddities[number % 20] ?? null,
    phoneNumber: number % 4 === 3 ? `+44207946000${number % 10}` : null,
    isActive: number % 5 !== 0,
    isStaff: number % 6 === 0,
    isSuperuser: number === 12,
    hasRoles: number % 7 === 0,
    dateJoined: `2026-01-0${1 + (number % 4)}T00:00:00.000Z`,
    lastLogin: number % 3 ? `2026-02-0${1 + (number % 4)}T00:00:00.000Z` : neverSignedIn,
  })
  return { ...row, searchText: searchTextOf(row) }
}

const columns = {
  id: 'id',
  date_joined: 'dateJoined',
  last_login: 'lastLogin',
  username: 'usernameKey',
  email: 'emailKey',
} as const

/** The list that a query should be answered with, worked out in memory. */
export function expectedAccounts(query: UserFilter, ordering: WalkOrdering): NewUserRow[] {
  const column = columns[ordering.replace('-', '') as keyof typeof columns]
  const sorted = accounts
    .filter((row) => isMeant(row, query))
    .toSorted((left, right) => compare(left[column], right[column]) || compare(left.id, right.id))
  return ordering.startsWith('-') ? sorted.reverse() : sorted
}

function compare(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}

function isMeant(row: NewUserRow, query: UserFilter): boolean {
  const is = (wanted: unknown, value: unknown) => wanted === undefined || wanted === value
  const words = canonical(query.search ?? '').split(/\s+/)
  return [
    is(query.is_active, row.isActive),
    is(query.is_staff, row.isStaff),
    is(query.is_superuser, row.isSuperuser),
    is(query.username?.toLowerCase(), row.usernameKey),
    is(query.email?.toLowerCase(), row.emailKey),
    is(query.phone_number, row.phoneNumber),
    isBetween(query.date_joined_after, row.dateJoined, query.date_joined_before),
    is(query.role, row.hasRoles ? supportRole.id : undefined),
    !isAboutSignIn(query) || row.lastLogin !== neverSignedIn,
    isBetween(query.last_login_after, row.lastLogin, query.last_login_before),
    words.every((word) => row.searchText.includes(atStart(word))),
  ].every(Boolean)
}

function isAboutSignIn(query: UserFilter): boolean {
  return (query.last_login_after ?? query.last_login_before) !== undefined
}

function isBetween(from: string | undefined, instant: string, until: string | undefined): boolean {
  const time = Date.parse(instant)
  return (!from || Date.parse(from) <= time) && (!until || time <= Date.parse(until))
}

/** A short word must stand at the beginning of a member. */
function atStart(word: string): string {
  return word && [...word].length < 3 ? memberStart + word : word
}
