import { readdirSync } from 'node:fs'
import t from 'tap'
import { readMigrations } from '../../src/db/migrate.ts'
import { definedSnapshot, migratedSnapshot, statementsBetween } from './drizzle-kit.ts'

const databases = ['sqlite', 'postgres'] as const

t.test('migrations come in pairs of one name', async (t) => {
  const [sqlite, postgres] = databases.map((database) =>
    readMigrations(database).map(({ name }) => name),
  )
  t.same(sqlite, postgres)
})

for (const database of databases) {
  t.test(`${database}: every migration file is in the journal`, async (t) => {
    const files = readdirSync(new URL(`../../migrations/${database}/`, import.meta.url))
    t.same(
      files.filter((file) => file.endsWith('.sql')).toSorted(),
      readMigrations(database).map(({ name }) => `${name}.sql`),
    )
  })

  t.test(`${database}: the migrations lead to the tables that are defined`, async (t) => {
    const missing = await statementsBetween(
      database,
      migratedSnapshot(database),
      await definedSnapshot(database),
    )
    t.same(missing, [], 'else `pnpm --filter @rollcall/server migration --name ...` is due')
  })
}
