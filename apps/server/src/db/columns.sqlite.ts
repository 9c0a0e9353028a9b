import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** How each kind of column is kept on SQLite. */
export const columns = {
  table: sqliteTable,
  index,
  uniqueIndex,
  /** The full-text index names rows by number, and `VACUUM` keeps only declared numbers. */
  rowKey: { rowKey: integer('row_key').primaryKey() },
  id: () => text('id').notNull().unique(),
  reference: (name: string) => text(name).notNull(),
  text: (name: string) => text(name).notNull(),
  optionalText: (name: string) => text(name),
  /** Canonical text: compared byte by byte. */
  key: (name: string) => text(name).notNull(),
  integer: (name: string) => integer(name).notNull(),
  boolean: (name: string) => integer(name, { mode: 'boolean' }).notNull(),
  /** RFC 3339 in UTC with milliseconds: sorts as text, and is answered as it is. */
  instant: (name: string) => text(name).notNull(),
  optionalInstant: (name: string) => text(name),
  isTrue: (name: string) => sql.raw(`${name} = true`),
  isFalse: (name: string) => sql.raw(`${name} = false`),
}

export type Columns = typeof columns
