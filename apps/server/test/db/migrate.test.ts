import { newId } from '../../src/crypto.ts'
import { type Migration, readMigrations } from '../../src/db/migrate.ts'
import type { Store } from '../../src/db/store.ts'
import { createDatabase, onEachDatabase } from '../support/databases.ts'
import { instant, newSession, newUser, openOn } from './stores.ts'

await onEachDatabase(async (t, database) => {
  const known = readMigrations(database)
  const names = known.map(({ name }) => name)
  const empty = () => createDatabase(t, database, { migrated: false })

  await t.test('an empty database is migrated once, in order', async (t) => {
    const store = await openOn(t, await empty())
    t.same(await store.pendingMigrations(), names)
    t.same(await store.migrate(() => instant), names)
    t.same(await store.pendingMigrations(), [])
    t.same(await store.migrate(() => instant), [], 'the second time there is nothing to do')
    await t.resolves(insertUser(store))
  })

  await t.test('of two starters at once one migrates, and both can write', async (t) => {
    const url = await empty()
    const stores = await Promise.all([openOn(t, url), openOn(t, url)])
    const applied = await Promise.all(stores.map((store) => store.migrate(() => instant)))
    t.same(
      applied.toSorted((left, right) => left.length - right.length),
      [[], names],
    )
    for (const store of stores) await t.resolves(insertUser(store))
  })

  await t.test('a database newer than the code is refused, and left as it is', async (t) => {
    const url = await empty()
    const later = migration('9999_later', 'CREATE TABLE later (id integer)')
    const newer = await openOn(t, url, { migrations: [...known, later] })
    await newer.migrate(() => instant)
    const older = await openOn(t, url)
    const refusal = { message: /^The database holds the migration 9999_later, which this version/ }
    await t.rejects(
      older.migrate(() => instant),
      refusal,
    )
    await t.rejects(older.pendingMigrations(), refusal)
    t.same(await newer.pendingMigrations(), [])
  })

  await t.test('a migration file that changed after it was applied is refused', async (t) => {
    const url = await empty()
    await (await openOn(t, url)).migrate(() => instant)
    const edited = known.map((each) => ({ ...each, checksum: `${each.checksum}-edited` }))
    const store = await openOn(t, url, { migrations: edited })
    await t.rejects(
      store.migrate(() => instant),
      {
        message: `The migration ${names[0]} has changed since it was applied. Put its file back as it was.`,
      },
    )
  })

  await t.test('a migration that fails leaves nothing, and can be mended', async (t) => {
    const url = await empty()
    await (await openOn(t, url)).migrate(() => instant)
    const half = 'CREATE TABLE half (id integer)'
    const broken = migration('0100_next', half, 'INSERT INTO nowhere VALUES (1)')
    const store = await openOn(t, url, { migrations: [...known, broken] })
    await t.rejects(
      store.migrate(() => instant),
      { message: /nowhere/ },
    )
    t.same(await store.pendingMigrations(), ['0100_next'])

    const orphan = newSession(newId())
    await t.rejects(
      store.write((tx) => tx.insert(store.tables.sessions).values(orphan)),
      'references are checked again',
    )

    const mended = await openOn(t, url, { migrations: [...known, migration('0100_next', half)] })
    t.same(await mended.migrate(() => instant), ['0100_next'], 'its table was not there')
  })
})

function migration(name: string, ...statements: string[]): Migration {
  return { name, checksum: statements.join(), statements }
}

function insertUser(store: Store) {
  return store.write((tx) => tx.insert(store.tables.users).values(newUser(newId())))
}
