import { and, type SQL, sql } from 'drizzle-orm'
import type { Queries } from './store.ts'
import type { Tables } from './tables.ts'

type Users = Tables['users']

/** The few expressions that the dialects spell differently. */
export interface Dialect {
  /** Whether an account's search text holds the text. */
  contains(users: Users, text: string): SQL
  /** The keys of the accounts that hold all the texts, or of more, by an index. */
  keysContaining(users: Users, texts: readonly string[]): SQL
  /** The keys of the accounts that hold the role, one after the other. */
  keysHolding(tables: Pick<Tables, 'users' | 'userRoles'>, roleId: string): SQL
  /** The column by which the accounts of a set are found fastest. */
  key(users: Users): SQL
  /** Collects the column `key` of many rows into one text. */
  readonly gathered: SQL<string>
  /** Only the accounts of these keys, as they were gathered. */
  among(users: Users, gathered: string): SQL
  /** Only accounts of the set, which is large: on SQLite met in order, without their rows. */
  amongMany(users: Users, keys: SQL): SQL
  /** Whether the index tells of the first matches of a search before it has found all. */
  readonly searchesLazily: boolean
  /** Waits until no other transaction has its turn at one of the names, and takes it until the end. */
  takeTurns(tx: Queries, names: readonly string[]): Promise<unknown>
  /** Keeps others from writing to the tables until the end of the transaction, however long. */
  holdStill(tx: Queries, tables: Tables): Promise<unknown>
  /** A column, compared so that no index of its own is used. */
  unindexed(column: Users['isActive'] | Users['lastLogin']): SQL
}

export const sqliteDialect: Dialect = {
  contains: (users, text) => sql`instr(${users.searchText}, ${text}) > 0`,
  // The index keeps no positions: the trigrams may stand apart, and the exact test comes on top.
  keysContaining: (_users, texts) =>
    sql`SELECT rowid AS key FROM users_search WHERE users_search MATCH ${trigramsOf(texts)}`,
  // The first holders are met before all are gathered, as with `IN` they would be.
  keysHolding: ({ users, userRoles }, roleId) =>
    sql`SELECT ${users.rowKey} AS key FROM ${userRoles} CROSS JOIN ${users} ON ${users.id} = ${userRoles.userId} WHERE ${userRoles.roleId} = ${roleId}`,
  key: (users) => sql`${users.rowKey}`,
  gathered: sql`json_group_array(key)`,
  among: (users, gathered) => sql`${users.rowKey} IN (SELECT value FROM json_each(${gathered}))`,
  amongMany: (users, keys) => sql`+${users.rowKey} IN (${keys})`,
  searchesLazily: true,
  // Writers take turns anyway.
  takeTurns: async () => {},
  holdStill: async () => {},
  unindexed: (column) => sql`+${column}`,
}

/** More tell hardly any more accounts apart, and each costs time. */
const mostRuns = 24

/** Runs of three characters, side by side, as a query of the full-text index. */
function trigramsOf(texts: readonly string[]): string {
  const runs = texts.flatMap((text) => {
    const characters = [...text]
    const starts = characters.flatMap((_first, index) => (index % 3 === 0 ? [index] : []))
    return starts.map((start) => {
      const first = Math.min(start, characters.length - 3)
      return characters.slice(first, first + 3).join('')
    })
  })
  return [...new Set(runs)]
    .slice(0, mostRuns)
    .map((run) => `"${run.replaceAll('"', '""')}"`)
    .join(' AND ')
}

export const postgresDialect: Dialect = {
  contains,
  keysContaining: (users, texts) =>
    sql`SELECT ${users.id} AS key FROM ${users} WHERE ${and(...texts.map((text) => contains(users, text)))}`,
  keysHolding: ({ userRoles }, roleId) =>
    sql`SELECT ${userRoles.userId} AS key FROM ${userRoles} WHERE ${userRoles.roleId} = ${roleId}`,
  key: (users) => sql`${users.id}`,
  gathered: sql`coalesce(array_agg(key)::text, '{}')`,
  among: (users, gathered) => sql`${users.id} = ANY(${gathered}::uuid[])`,
  // As an array, since the planner takes a subquery for something to walk past.
  amongMany: (users, keys) => sql`${users.id} = ANY(ARRAY(${keys}))`,
  searchesLazily: false,
  takeTurns: async (tx, names) => {
    // Always in the same order, so that two never wait for each other.
    const ordered = sql`unnest(${sql.param(names.toSorted())}::text[]) AS name`
    const turn = sql`pg_advisory_xact_lock(hashtextextended(name, 0))`
    await tx.select({ turn }).from(ordered)
  },
  holdStill: async (tx, tables) => {
    // Only this dialect's builders have it.
    const { execute } = tx as unknown as { execute(statement: SQL): Promise<unknown> }
    const names = sql.join(Object.values(tables), sql`, `)
    for (const statement of [
      sql`SET LOCAL statement_timeout = 0`,
      sql`SET LOCAL idle_in_transaction_session_timeout = 0`,
      sql`LOCK TABLE ${names} IN SHARE MODE`,
    ]) {
      await execute.call(tx, statement)
    }
  },
  unindexed: (column) => sql`${column}`,
}

function contains(users: Users, text: string): SQL {
  return sql`${users.searchText} LIKE ${`%${text.replace(/[\\%_]/g, '\\$&')}%`}`
}
