import { sql } from 'drizzle-orm'
import {
  boolean,
  customType,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Columns } from './columns.sqlite.ts'

/** PostgreSQL's own type outside, the text of the API inside. */
const instant = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  fromDriver: (value) => new Date(value).toISOString(),
})

/** Sorts as SQLite does, whatever the collation of the database. */
const key = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' })

const postgresColumns = {
  table: pgTable,
  index,
  uniqueIndex,
  rowKey: {},
  id: () => uuid('id').primaryKey(),
  reference: (name: string) => uuid(name).notNull(),
  text: (name: string) => text(name).notNull(),
  optionalText: (name: string) => text(name),
  key: (name: string) => key(name).notNull(),
  integer: (name: string) => integer(name).notNull(),
  boolean: (name: string) => boolean(name).notNull(),
  instant: (name: string) => instant(name).notNull(),
  optionalInstant: (name: string) => instant(name),
  isTrue: (name: string) => sql.raw(`${name} = true`),
  isFalse: (name: string) => sql.raw(`${name} = false`),
}

/**
 * Both kits have the same members, and the query builders of both dialects the
 * same methods; only Drizzle's types of them differ. One source serves both.
 */
export const columns = postgresColumns as unknown as Columns
