import type { User, UserFilter } from '@rollcall/sdk'
import { useState } from 'react'

/** Which accounts are selected: one by one, on any page, or all that match the filters. */
export interface Selection {
  /** The chosen ones by id; empty when all that match are meant. */
  readonly users: ReadonlyMap<string, User>
  /** What all must match, and how many did when they were counted. */
  readonly all: { readonly filter: UserFilter; readonly count: number } | undefined
  readonly count: number
  has(user: User): boolean
  toggle(user: User): void
  set(users: readonly User[], isSelected: boolean): void
  selectAll(filter: UserFilter, count: number): void
  clear(): void
}

export function useSelection(filter: UserFilter): Selection {
  const [users, setUsers] = useState<ReadonlyMap<string, User>>(new Map())
  const [chosen, setAll] = useState<Selection['all']>()
  // All that match these filters are not all that match others.
  const all =
    chosen && JSON.stringify(chosen.filter) === JSON.stringify(filter) ? chosen : undefined

  function set(changed: readonly User[], isSelected: boolean) {
    setAll(undefined)
    setUsers((known) => {
      const next = new Map(known)
      for (const user of changed) isSelected ? next.set(user.id, user) : next.delete(user.id)
      return next
    })
  }

  return {
    users,
    all,
    count: all ? all.count : users.size,
    has: ({ id }) => all !== undefined || users.has(id),
    toggle: (user) => set([user], !users.has(user.id)),
    set,
    selectAll(filter, count) {
      setUsers(new Map())
      setAll({ filter, count })
    },
    clear() {
      setUsers(new Map())
      setAll(undefined)
    },
  }
}
