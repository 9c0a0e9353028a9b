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
      statements.set(queries, statement)
    }
    return statement.execute(values)
  }
}
