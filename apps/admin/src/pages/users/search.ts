import type { UserFilter, UserOrdering } from '@rollcall/sdk'

/** What the address of the page of users says. */
export interface UsersSearch {
  readonly search?: string
  readonly is_active?: string
  readonly is_staff?: string
  readonly is_superuser?: string
  readonly role?: string
  /** Days of the reader's own calendar, both included. */
  readonly date_joined_after?: string
  readonly date_joined_before?: string
  readonly last_login_after?: string
  readonly last_login_before?: string
  readonly ordering?: string
  readonly cursor?: string
}

const day = /^\d{4}-\d\d-\d\d$/
const flag = /^(true|false)$/
const anything = /./

/** What each member must look like; others are dropped, so that a mistyped address still works. */
const forms: Readonly<Record<keyof UsersSearch, RegExp>> = {
  search: anything,
  is_active: flag,
  is_staff: flag,
  is_superuser: flag,
  role: /^[0-9a-f-]{36}$/,
  date_joined_after: day,
  date_joined_before: day,
  last_login_after: day,
  last_login_before: day,
  ordering: /^-?(date_joined|last_login|username|email)$/,
  cursor: anything,
}

export function usersSearch(given: Record<string, unknown>): UsersSearch {
  return Object.fromEntries(
    Object.entries(forms).flatMap(([name, form]) => {
      const value = given[name]
      return typeof value === 'string' && form.test(value) ? [[name, value]] : []
    }),
  )
}

/** The members that narrow the list down. */
export const filterNames = [
  'is_active',
  'is_staff',
  'is_superuser',
  'role',
  'date_joined_after',
  'date_joined_before',
  'last_login_after',
  'last_login_before',
] as const satisfies (keyof UsersSearch)[]

export type FilterName = (typeof filterNames)[number]

/** The filters as the API takes them. */
export function toFilter(search: UsersSearch): UserFilter {
  return {
    search: search.search,
    is_active: toFlag(search.is_active),
    is_staff: toFlag(search.is_staff),
    is_superuser: toFlag(search.is_superuser),
    role: search.role,
    date_joined_after: startOf(search.date_joined_after),
    date_joined_before: endOf(search.date_joined_before),
    last_login_after: startOf(search.last_login_after),
    last_login_before: endOf(search.last_login_before),
  }
}

export function toOrdering(search: UsersSearch): UserOrdering | undefined {
  // `usersSearch` has let no other through.
  return search.ordering as UserOrdering | undefined
}

function toFlag(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : value === 'true'
}

function startOf(value: string | undefined): string | undefined {
  return value && toInstant(`${value}T00:00:00.000`)
}

function endOf(value: string | undefined): string | undefined {
  return value && toInstant(`${value}T23:59:59.999`)
}

/** A day that is none, such as 2026-02-31, narrows nothing down. */
function toInstant(local: string): string | undefined {
  const date = new Date(local)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
