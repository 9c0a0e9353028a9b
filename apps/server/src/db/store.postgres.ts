import { drizzle } from 'drizzle-orm/node-postgres'
import type pg from 'pg'
import type { ClientBase, PoolClient } from 'pg'
import { retryConflicts } from './conflicts.ts'
import { postgresDialect } from './dialect.ts'
import { isUnanswered } from './errors.ts'
import { inspectPostgres } from './inspection.ts'
import {
  type Migration,
  type MigrationTarget,
  migrate,
  pendingMigrations,
  readMigrations,
} from './migrate.ts'
import { connectionTo, openClient, openPool, openReplica, type Replica } from './pools.postgres.ts'
import * as tables from './schema.postgres.ts'
import type { Queries, Store, StoreOptions } from './store.ts'

/** Any number will do, as long as every Rollcall uses the same. */
const migrationLock = 7_265_551

/** A database that has not answered by then is not there. */
const checkTimeoutMs = 2_000

/** Who has waited for a connection may have to wait for an answer, too. */
const longestConnectMs = 2_500

/** Opens pools of connections; READ COMMITTED, so writes are guarded statements. */
export async function openPostgres(url: string, options: StoreOptions): Promise<Store> {
  const {
    migrations = readMigrations('postgres'),
    lockTimeoutMs = 2_000,
    answerTimeoutMs = 5_500,
    connections = 10,
  } = options
  const connectTimeoutMs = Math.min(answerTimeoutMs, longestConnectMs)
  const connection = connectionTo(url, { lockTimeoutMs, connectTimeoutMs })
  // A server that hangs, or is cut off, does not keep to its own time-outs.
  const limited = { ...connection, query_timeout: answerTimeoutMs }
  // Writes that wait for a slow disk or a lock leave the connections of reads alone.
  const pool = openPool({ ...limited, max: Math.floor(connections / 2) })
  const writers = openPool({ ...limited, max: Math.ceil(connections / 2) })
  const replica = options.readUrl ? openReplica(options.readUrl, pool, options) : undefined
  const writes = new Set<Promise<unknown>>()

  return {
    dialect: postgresDialect,
    tables,
    read: queriesOf(pool),
    replica: queriesOf(replica ?? pool),
    async write(work) {
      const write = retryConflicts(() =>
        withClient(writers, (client) => transact(client, () => work(queriesOf(client)))),
      )
      writes.add(write)
      return write.finally(() => writes.delete(write))
    },
    inspect: () => inspectPostgres(pool),
    check: async () => {
      // One that hangs answers nothing, and would be ready for ever.
      const query = { text: 'SELECT 1', query_timeout: checkTimeoutMs }
      await pool.query(query)
    },
    pendingMigrations: () =>
      withClient(pool, async (client) =>
        pendingMigrations(migrations, await migrationTarget(client).applied()).map(
          ({ name }) => name,
        ),
      ),
    migrate: (now) =>
      withOwnClient(connection, (client) =>
        migrateLocked(client, () => migrate(migrationTarget(client), migrations, now)),
      ),
    async close() {
      // The pool forgets whoever still waits for a connection.
      await Promise.allSettled(writes)
      await replica?.close()
      await Promise.all([pool.end(), writers.end()])
    },
  }
}

const queriesOfClient = new WeakMap<object, Queries>()

/** The same builders for the same connection, so that what they prepared is found again. */
function queriesOf(client: pg.Pool | PoolClient | Replica): Queries {
  const known = queriesOfClient.get(client)
  if (known) return known
  // The builders of both dialects have the same methods; only Drizzle's types of them differ.
  // Of a client it only calls `query`.
  const queries = drizzle(client as pg.Pool) as unknown as Queries
  queriesOfClient.set(client, queries)
  return queries
}

async function withClient<T>(pool: pg.Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    const result = await work(client)
    client.release()
    return result
  } catch (error) {
    // Only a connection that answered `ROLLBACK` is fit to be used again.
    const healthy =
      !isUnanswered(error) &&
      (await client.query('ROLLBACK').then(
        () => true,
        () => false,
      ))
    client.release(!healthy)
    throw error
  }
}

/** Without a limit on how long a statement takes: a migration may rewrite a large table. */
async function withOwnClient<T>(
  connection: pg.ClientConfig,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await openClient(connection)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function transact<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN READ WRITE')
  const result = await work()
  const { command } = await client.query('COMMIT')
  // PostgreSQL answers so, and not with an error, when a statement has failed that the work ignored.
  if (command === 'ROLLBACK') throw new Error('A statement of the transaction has failed')
  return result
}

async function migrateLocked<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('SET statement_timeout = 0')
  await client.query('SET lock_timeout = 0')
  await client.query('SELECT pg_advisory_lock($1)', [migrationLock])
  try {
    return await work()
  } finally {
    // A failed statement leaves an aborted transaction, in which nothing else is possible.
    await client.query('ROLLBACK')
    await client.query('SELECT pg_advisory_unlock($1)', [migrationLock])
    await client.query('RESET statement_timeout')
    await client.query('RESET lock_timeout')
  }
}

function migrationTarget(client: ClientBase): MigrationTarget {
  return {
    async applied() {
      const { rows } = await client.query("SELECT to_regclass('migrations') AS migrations")
      if (rows[0].migrations === null) return []
      return (await client.query('SELECT name, checksum FROM migrations ORDER BY name')).rows
    },
    apply: (migration: Migration, appliedAt: string) =>
      transact(client, async () => {
        await client.query(createMigrationsTable)
        for (const statement of migration.statements) await client.query(statement)
        await client.query(
          'INSERT INTO migrations (name, checksum, applied_at) VALUES ($1, $2, $3)',
          [migration.name, migration.checksum, appliedAt],
        )
      }),
  }
}

const createMigrationsTable = `CREATE TABLE IF NOT EXISTS migrations (
  name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamp (3) with time zone NOT NULL)`
