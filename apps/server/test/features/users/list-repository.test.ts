import { supportRole, type UserFilter, userOrderings } from '@rollcall/contract'
import type { Cursor, WalkOrdering } from '../../../src/features/users/cursor.ts'
import {
  createUserLists,
  type ListedUser,
  type UserSelection,
} from '../../../src/features/users/list-repository.ts'
import { createStore } from '../../db/stores.ts'
import { onEachDatabase } from '../../support/databases.ts'
import { accounts, expectedAccounts } from './accounts.ts'

const pageSize = 7

/** How many rows of which ordering a walk looks at to begin with. */
const windows: [smallest: number, ordering: WalkOrdering][] = [
  [7, 'id'],
  [3, '-last_login'],
  [accounts.length, 'username'],
]

/** Each finds some accounts and not others. */
const queries: UserFilter[] = [
  { is_active: true },
  { is_active: false },
  { is_staff: true },
  { is_staff: false },
  { is_superuser: true },
  { is_superuser: false, is_staff: true, is_active: true },
  { username: 'USER07' },
  { email: 'User07@Example.COM' },
  { phone_number: '+442079460003' },
  { date_joined_after: '2026-01-03T00:00:00Z' },
  { date_joined_before: '2026-01-03T01:00:00+01:00' },
  { date_joined_after: '2026-01-02T00:00:00Z', date_joined_before: '2026-01-03T00:00:00Z' },
  { last_login_before: '2026-02-02T00:00:00Z' },
  { last_login_before: '2026-02-02T00:00:00Z', date_joined_after: '2026-01-02T00:00:00Z' },
  { last_login_after: '2026-02-03T00:00:00Z' },
  { last_login_after: '0001-01-01T00:00:00Z' },
  { last_login_after: '2026-02-02T00:00:00Z', last_login_before: '2026-02-03T00:00:00Z' },
  { role: supportRole.id },
  { role: supportRole.id, is_active: false },
  { role: supportRole.id, search: 'user1' },
  { search: 'user1' },
  { search: 'USER0 example' },
  { search: 'STRASSE', is_active: false },
  { search: 'straße' },
  { search: 'ἙΛΛΆΣ' },
  { search: '日本' },
  { search: 'é' },
  { search: 'u' },
  { search: '50%' },
  { search: 'a_b' },
  { search: 'back\\slash' },
  { search: '"quoted"' },
  { search: "o'neill" },
  { search: '(a)*^' },
  { search: '  user2   example  ' },
  { search: '94600' },
]

const nothing: UserFilter[] = [
  { username: 'nobody' },
  { email: 'nobody@example.com' },
  { phone_number: '+440000000000' },
  { date_joined_after: '2030-01-01T00:00:00Z' },
  { last_login_before: '1971-01-01T00:00:00Z' },
  { last_login_after: '2030-01-01T00:00:00Z' },
  { role: '0198f2c4-7d1e-7c3a-9b52-000000000001' },
  { role: '0198f2c4-7d1e-7c3a-9b52-5f0e8a4d6c11' },
  { search: 'user nobody' },
  { search: 'us%r' },
  { search: '\\' },
  { search: '_' },
  { search: '%' },
  { search: '7' },
  { search: '🐇' },
  { search: 'u_er' },
]

await onEachDatabase(async (t, database) => {
  const store = await createStore(t, database)
  await store.write(async (tx) => {
    await tx.insert(store.tables.users).values(accounts)
    const holders = accounts.filter(({ hasRoles }) => hasRoles)
    const pairs = holders.map(({ id }) => ({ userId: id, roleId: supportRole.id }))
    await tx.insert(store.tables.userRoles).values(pairs)
  })

  const ways = {
    'by the index of the ordering': { fewRows: -1 },
    'by the nearest rows first': { fewRows: -1, nearRows: 7 },
    'by the index of the condition': { fewRows: accounts.length },
  }
  for (const [way, options] of Object.entries(ways)) {
    const lists = createUserLists(store, options)

    await t.test(`${way}: filters and searches find what they should`, async (t) => {
      for (const query of [...queries, ...nothing]) {
        const selection = select({ query })
        const expected = expectedAccounts(query, selection.ordering)
        t.equal(expected.length > 0, queries.includes(query), 'the test itself')
        const title = JSON.stringify(query)
        t.same(usernames(await lists.list(store.read, selection)), usernames(expected), title)
        t.equal(await lists.count(store.read, selection), expected.length)
      }
    })

    await t.test(`${way}: pages lead to every account once, forwards and backwards`, async (t) => {
      for (const ordering of userOrderings) {
        for (const query of [{}, { search: 'example', is_active: true }]) {
          const selection = select({ query, ordering, limit: pageSize })
          const expected = usernames(expectedAccounts(query, ordering))
          const forwards = await walk(selection, 'after')
          t.same(usernames(forwards), expected, `${ordering} forwards`)
          const backwards = await walk(selection, 'before', forwards.at(-1))
          t.same(usernames(backwards).toReversed(), expected.slice(0, -1), `${ordering} backwards`)
        }
      }
    })

    await t.test(`${way}: a walk meets all that are meant, in order`, async (t) => {
      for (const [smallest, ordering] of windows) {
        const walker = createUserLists(store, { ...options, window: { smallest, largest: 25 } })
        for (const query of [{}, ...queries, ...nothing]) {
          const walked: ListedUser[] = []
          for await (const rows of walker.walk(store.read, wantedBy(query), ordering)) {
            walked.push(...rows)
          }
          const expected = usernames(expectedAccounts(query, ordering))
          t.same(usernames(walked), expected, `${ordering} ${JSON.stringify(query)}`)
        }
      }
    })

    /** All pages from an account on, or from the beginning. */
    async function walk(
      selection: UserSelection,
      direction: Cursor['direction'],
      from?: ListedUser,
    ) {
      const { ordering } = selection
      const walked: ListedUser[] = []
      for (let last = from; ; last = walked.at(-1)) {
        const value = last && lists.valueOf(ordering, last)
        const cursor = last && value ? { ordering, direction, value, id: last.id } : undefined
        const rows = await lists.list(store.read, { ...selection, cursor })
        walked.push(...rows.slice(0, pageSize))
        if (rows.length <= pageSize) return walked
      }
    }
  }
})

function select<T extends Partial<UserSelection>>(members: T) {
  return {
    ...wantedBy(members.query ?? {}),
    ordering: '-date_joined',
    cursor: undefined,
    limit: accounts.length,
    ...members,
  } satisfies UserSelection
}

function wantedBy(query: UserFilter) {
  return { query, phoneNumber: query.phone_number }
}

function usernames(rows: readonly { username: string }[]): string[] {
  return rows.map(({ username }) => username)
}
