import { and, asc, count, desc, eq, getTableColumns, gt, or, type SQL } from 'drizzle-orm'
import { getTableConfig } from 'drizzle-orm/sqlite-core'
import { sha256 } from '../crypto.ts'
import { columns as postgresColumns } from './columns.postgres.ts'
import { type Columns, columns as sqliteColumns } from './columns.sqlite.ts'
import { postgresDialect } from './dialect.ts'
import { copyMark, UnfinishedCopyError } from './migrate.ts'
import type { Queries, Store } from './store.ts'
import { defineTables, type Tables } from './tables.ts'

/** How a table was moved. */
export interface CopiedTable {
  readonly table: string
  readonly rows: number
  /** Over all rows in the order of their key; the same on both sides. */
  readonly sha256: string
}

/** Told of rows that the target holds, of so many. */
export type OnProgress = (table: string, rows: number, total: number) => void

interface CopyOptions {
  readonly now: () => string
  readonly onProgress: OnProgress
}

/**
 * Copies every row from one database into an empty one, and compares them. While it lasts nobody
 * writes to the source. Killed, it goes on where it was; no server starts on what is half done.
 */
export async function copyDatabase(
  from: Store,
  to: Store,
  { now, onProgress }: CopyOptions,
): Promise<CopiedTable[]> {
  if ((await from.pendingMigrations()).length > 0) {
    throw new Error('The source is not up to date. Run `rollcall migrate` on it first.')
  }
  // One transaction, in which others wait.
  return from.write(async (source) => {
    await from.dialect.holdStill(source, from.tables)
    await begin(from, source, to, now)
    for (const part of parts) await copyTable(source, from, to, part, onProgress)
    const copied: CopiedTable[] = []
    for (const part of parts) copied.push(await compareTable(source, from, to, part))
    await to.write((tx) => unmark(tx, to))
    return copied
  })
}

/** A table as both databases have it. */
interface Part {
  readonly name: keyof Tables
  /** Of the columns, by which their rows are told apart and ordered. */
  readonly key: readonly string[]
  readonly members: readonly string[]
}

const sqliteTables = defineTables(sqliteColumns)
const postgresTables = defineTables(postgresColumns)

/** Those that others refer to stand first. */
const parts: readonly Part[] = Object.keys(sqliteTables).map((name) => partOf(name as keyof Tables))

function partOf(name: keyof Tables): Part {
  const columns = getTableColumns(sqliteTables[name])
  const both = getTableColumns(postgresTables[name])
  const unique = getTableConfig(sqliteTables[name]).indexes.find(({ config }) => config.unique)
  const names = unique?.config.columns.map((column) => ('name' in column ? column.name : '')) ?? []
  const memberOf = (column: string) =>
    Object.entries(columns).find(([, { name }]) => name === column)?.[0] ?? ''
  return {
    name,
    key: 'id' in columns ? ['id'] : names.map(memberOf),
    // SQLite numbers its rows by itself.
    members: Object.keys(columns).filter((member) => member in both),
  }
}

/** In rows; more would be more parameters than a statement may have. */
const batch = 1_000

async function copyTable(
  source: Queries,
  from: Store,
  to: Store,
  part: Part,
  onProgress: OnProgress,
) {
  const total = await countRows(source, from, part)
  let done = await countRows(to.read, to, part)
  let last = await lastRow(to, part)
  for (;;) {
    const rows = await readBatch(source, from, part, last)
    if (rows.length === 0) return onProgress(part.name, done, total)
    await to.write((tx) => tx.insert(to.tables[part.name]).values(rows as never))
    done += rows.length
    last = rows.at(-1)
    if (rows.length === batch) onProgress(part.name, done, total)
  }
}

type Row = Record<string, unknown>

async function readBatch(queries: Queries, store: Store, part: Part, last: Row | undefined) {
  const columns = columnsOf(store, part)
  const selected = Object.fromEntries(part.members.map((member) => [member, columns[member]]))
  const rows = await queries
    .select(selected as never)
    .from(store.tables[part.name])
    .where(last && after(part.key.map((member) => [columns[member], last[member]])))
    .orderBy(...part.key.map((member) => asc(columns[member] as never)))
    .limit(batch)
  return rows as Row[]
}

/** Beyond the row in the order of the key. */
function after(key: [column: unknown, value: unknown][]): SQL | undefined {
  const [first, ...rest] = key
  if (!first) return undefined
  const [column, value] = first as [never, never]
  const beyond = gt(column, value)
  return rest.length === 0 ? beyond : or(beyond, and(eq(column, value), after(rest)))
}

async function lastRow(store: Store, part: Part): Promise<Row | undefined> {
  const columns = columnsOf(store, part)
  const [row] = await store.read
    .select()
    .from(store.tables[part.name])
    .orderBy(...part.key.map((member) => desc(columns[member] as never)))
    .limit(1)
  return row as Row | undefined
}

function columnsOf(store: Store, { name }: Part): Record<string, unknown> {
  return getTableColumns(store.tables[name])
}

async function countRows(queries: Queries, store: Store, { name }: Part): Promise<number> {
  const [row] = await queries.select({ count: count() }).from(store.tables[name])
  return Number(row?.count ?? 0)
}

async function compareTable(
  source: Queries,
  from: Store,
  to: Store,
  part: Part,
): Promise<CopiedTable> {
  const [left, right] = [await digest(source, from, part), await digest(to.read, to, part)]
  if (left.sha256 === right.sha256) return { table: part.name, ...left }
  throw new Error(
    `The table ${part.name} differs: ${left.rows} rows here, ${right.rows} there. If the source has changed since an earlier attempt, delete the target and begin anew.`,
  )
}

async function digest(queries: Queries, store: Store, part: Part) {
  let hash = ''
  let rows = 0
  for (let last: Row | undefined; ; ) {
    const found = await readBatch(queries, store, part, last)
    const values = found.map((row) => part.members.map((member) => row[member]))
    hash = sha256(hash + JSON.stringify(values))
    rows += found.length
    last = found.at(-1)
    if (found.length < batch) return { rows, sha256: hash }
  }
}

/** The list of migrations, which no feature knows of. */
function migrationsOf({ dialect }: Store) {
  const kit: Columns = dialect === postgresDialect ? postgresColumns : sqliteColumns
  return kit.table('migrations', {
    name: kit.text('name'),
    checksum: kit.text('checksum'),
    appliedAt: kit.instant('applied_at'),
  })
}

/** Makes the target ready, or finds the copy there that was begun from the same source. */
async function begin(from: Store, source: Queries, to: Store, now: () => string) {
  const keys = await source.select().from(from.tables.signingKeys)
  const origin = sha256(JSON.stringify(keys.map(({ id }) => id).sort()))
  if (await isNew(to, now)) return mark(to, origin, now)
  const migrations = migrationsOf(to)
  const [marked] = await to.read.select().from(migrations).where(eq(migrations.name, copyMark))
  if (marked?.checksum === origin) return
  throw new Error('The target is the unfinished copy of another database. Delete it.')
}

async function isNew(to: Store, now: () => string): Promise<boolean> {
  try {
    await to.migrate(now)
  } catch (error) {
    if (error instanceof UnfinishedCopyError) return false
    throw error
  }
  const filled: string[] = []
  for (const part of parts) {
    if (!madeByMigrations.has(part.name) && (await countRows(to.read, to, part)) > 0) {
      filled.push(part.name)
    }
  }
  if (filled.length === 0) return true
  throw new Error(`The target is not empty: it holds rows of ${filled.join(', ')}.`)
}

/** An empty database has rows there; what a server or an operator changes, the audit trail tells. */
const madeByMigrations: ReadonlySet<string> = new Set(['roles', 'auditChain'])

function mark(to: Store, origin: string, now: () => string): Promise<unknown> {
  return to.write(async (tx) => {
    await tx.delete(to.tables.roles)
    await tx.delete(to.tables.auditChain)
    const row = { name: copyMark, checksum: origin, appliedAt: now() }
    await tx.insert(migrationsOf(to)).values(row)
  })
}

async function unmark(tx: Queries, to: Store) {
  const migrations = migrationsOf(to)
  await tx.delete(migrations).where(eq(migrations.name, copyMark))
}
