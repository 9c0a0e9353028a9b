import type { Store } from './store.ts'

/** Later than every instant. */
const endOfTime = '9999-12-31T23:59:59.999Z'

/**
 * Notes what every table holds, and answers what sets the database back to it. Only for a database
 * that nothing depends on: the audit trail is emptied with all the rest.
 */
export async function takeSnapshot({ read, write, tables }: Store): Promise<() => Promise<void>> {
  const all = Object.values(tables)
  const before = await Promise.all(all.map((table) => read.select().from(table)))
  return () =>
    write(async (tx) => {
      // The guard of the trail lets go of the events that are old enough.
      await tx.update(tables.auditChain).set({ deletableBefore: endOfTime })
      for (const table of all) await tx.delete(table)
      for (const [position, table] of all.entries()) {
        const rows = before[position] ?? []
        if (rows.length > 0) await tx.insert(table).values(rows)
      }
    })
}
