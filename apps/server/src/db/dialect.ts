import { type SQL, sql } from 'drizzle-orm'
import type { Queries } from './store.ts'
import type { Tables } from './tables.ts'

/** The few expressions that the dialects spell differently. */
export interface Dialect {
  /** Whether an account's search text holds the word. */
  contains(users: Tables['users'], word: string): SQL
  /** The ids of the accounts that do, or more, by an index; `undefined` where none serves. */
  idsContaining(users: Tables['users'], word: string): SQL | undefined
  /** Waits until no other transaction has its turn at one of the names, and takes it until the end. */
  takeTurns(tx: Queries, names: readonly string[]): Promise<unknown>
  /** A flag, compared so that no index of its own is used. */
  unindexed(column: Tables['users']['isActive']): SQL
}

/** Trigram indexes know only runs of three characters. */
const hasTrigram = (word: string) => /[^%_\\]{3}/.test(word)

export const sqliteDialect: Dialect = {
  contains: (users, word) => sql`instr(${users.searchText}, ${word}) > 0`,
  // A wildcard matches more, never less; the exact test comes on top.
  idsContaining: (users, word) =>
    hasTrigram(word)
      ? sql`SELECT ${users.id} FROM users_search JOIN ${users} ON row_key = users_search.rowid
          WHERE users_search.search_text LIKE ${`%${word.replace(/[%\\]/g, '_')}%`}`
      : undefined,
  // Writers take turns anyway.
  takeTurns: async () => {},
  unindexed: (column) => sql`+${column}`,
}

export const postgresDialect: Dialect = {
  contains,
  idsContaining: (users, word) =>
    hasTrigram(word)
      ? sql`SELECT ${users.id} FROM ${users} WHERE ${contains(users, word)}`
      : undefined,
  takeTurns: async (tx, names) => {
    // Always in the same order, so that two never wait for each other.
    const ordered = sql`unnest(${sql.param(names.toSorted())}::text[]) AS name`
    const turn = sql`pg_advisory_xact_lock(hashtextextended(name, 0))`
    await tx.select({ turn }).from(ordered)
  },
  unindexed: (column) => sql`${column}`,
}

function contains(users: Tables['users'], word: string): SQL {
  return sql`${users.searchText} LIKE ${`%${word.replace(/[\\%_]/g, '\\$&')}%`}`
}
