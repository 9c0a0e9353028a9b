import { Column } from 'drizzle-orm'
import type { Queries } from './store.ts'

interface Preparable<T> {
  prepare(): { execute(values?: Record<string, unknown>): PromiseLike<T> }
}

/**
 * Prepares a query once per connection instead of at each call. Placeholders
 * are `sql.placeholder('name')`; the name tells statements apart on PostgreSQL.
 */
export function prepared<T, Values extends Record<string, unknown>>(
  name: string,
  build: (queries: Queries) => Preparable<T>,
): (queries: Queries, values: Values) => Promise<T> {
  const statements = new WeakMap<Queries, ReturnType<Preparable<T>['prepare']>>()
  return async (queries, values) => {
    let statement = statements.get(queries)
    if (!statement) {
      // Only PostgreSQL's builders take a name; the shared type is SQLite's.
      const query = build(queries) as { prepare(name: string): typeof statement & object }
      statement = query.prepare(name)
      mapRowsFast(statement)
      statements.set(queries, statement)
    }
    return statement.execute(values)
  }
}

/** What Drizzle's prepared queries of both dialects keep of the columns that are selected. */
interface Mapped {
  readonly fields?: { path: string[]; field: unknown }[]
  customResultMapper?: (rows: unknown[][]) => unknown[]
}

/**
 * Drizzle finds out for each cell of each row what kind of column it belongs to,
 * which takes as long as the query; here it is found out once per statement.
 */
function mapRowsFast(statement: object) {
  const mapped = statement as Mapped
  if (!mapped.fields?.every(({ field }) => field instanceof Column)) return
  const cells = mapped.fields.map(({ path, field }) => cellOf(path, field as Column))
  mapped.customResultMapper = (rows) => rows.map((row) => toObject(cells, row))
}

interface Cell {
  /** The member that holds the row of one table, where a join selects several. */
  readonly group: string | undefined
  readonly name: string
  readonly decode: ((value: unknown) => unknown) | undefined
}

function cellOf(path: string[], column: Column): Cell {
  const [name = '', group] = path.toReversed()
  const isAsItIs = column.mapFromDriverValue === Column.prototype.mapFromDriverValue
  return { group, name, decode: isAsItIs ? undefined : (value) => column.mapFromDriverValue(value) }
}

function toObject(cells: readonly Cell[], row: readonly unknown[]): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  let target = result
  let current: string | undefined
  for (let index = 0; index < cells.length; index += 1) {
    const { group, name, decode } = cells[index] as Cell
    if (group !== current && group !== undefined) {
      target = {}
      result[group] = target
      current = group
    }
    const value = row[index]
    target[name] = decode && value !== null ? decode(value) : value
  }
  return result
}
