import Database from 'better-sqlite3'
import { giveRoles, type Person } from './people.ts'

/** Inserts without indexes, triggers and syncs, and makes those afterwards. */
export function seedSqlite(path: string, people: Iterable<Person>) {
  const database = new Database(path)
  database.pragma('synchronous = OFF')
  database.pragma('cache_size = -500000')
  const restore = dropIndexes(database)
  database.transaction(() => insertAll(database, people))()
  restore()
  database.exec(giveRoles)
  database.exec("INSERT INTO users_search (users_search) VALUES ('rebuild')")
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}

/** Drops the indexes and triggers of the table; answers how to make them again. */
function dropIndexes(database: Database.Database): () => void {
  const parts = database
    .prepare<[], { type: string; name: string; sql: string }>(
      `SELECT type, name, sql FROM sqlite_master
       WHERE tbl_name = 'users' AND type IN ('index', 'trigger') AND sql IS NOT NULL`,
    )
    .all()
  for (const { type, name } of parts) database.exec(`DROP ${type} ${name}`)
  return () => {
    for (const { sql } of parts) database.exec(sql)
  }
}

function insertAll(database: Database.Database, people: Iterable<Person>) {
  let insert: Database.Statement | undefined
  for (const person of people) {
    insert ??= prepareInsert(database, Object.keys(person))
    insert.run(
      Object.values(person).map((value) => (value === true ? 1 : value === false ? 0 : value)),
    )
  }
}

function prepareInsert(database: Database.Database, columns: string[]): Database.Statement {
  const marks = columns.map(() => '?').join(', ')
  return database.prepare(`INSERT INTO users (${columns.join(', ')}) VALUES (${marks})`)
}
