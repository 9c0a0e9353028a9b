import pg from 'pg'
import { giveRoles, type Person } from './people.ts'

const batchSize = 5_000

/** Inserts in batches without indexes, and makes those afterwards. */
export async function seedPostgres(url: string, people: Iterable<Person>) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query("SET maintenance_work_mem = '512MB'; SET synchronous_commit = off")
    const restore = await dropIndexes(client)
    for (const batch of batches(people)) await insert(client, batch)
    await restore()
    await client.query(giveRoles)
    await client.query('VACUUM ANALYZE users, user_roles')
  } finally {
    await client.end()
  }
}

/** Drops the indexes of the table but for its primary key; answers how to make them again. */
async function dropIndexes(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename = 'users' AND indexname <> 'users_pkey'`,
  )
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`)
  return async () => {
    for (const { definition } of rows) await client.query(definition)
  }
}

function* batches(people: Iterable<Person>): Generator<Person[]> {
  let batch: Person[] = []
  for (const person of people) {
    batch.push(person)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function insert(client: pg.Client, batch: readonly Person[]) {
  await client.query(
    'INSERT INTO users SELECT * FROM json_populate_recordset(null::users, $1::json)',
    [JSON.stringify(batch)],
  )
}
