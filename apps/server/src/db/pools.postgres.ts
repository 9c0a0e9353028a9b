import { hostname } from 'node:os'
import pg from 'pg'
import { isUnavailable } from './errors.ts'
import { applicationPrefix } from './inspection.ts'
import type { StoreOptions } from './store.ts'

interface ConnectionOptions {
  readonly lockTimeoutMs: number
  readonly connectTimeoutMs: number
}

/** How to connect to what is only read, unless a transaction says otherwise. */
export function connectionTo(
  url: string,
  { lockTimeoutMs, connectTimeoutMs }: ConnectionOptions,
): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: `${applicationPrefix} ${process.pid}@${hostname()}`,
    connectionTimeoutMillis: connectTimeoutMs,
    options: `-c timezone=UTC -c default_transaction_read_only=on -c statement_timeout=5000 -c lock_timeout=${lockTimeoutMs} -c idle_in_transaction_session_timeout=10000`,
  }
}

/** A connection outside any pool. */
export async function openClient(connection: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(connection)
  client.on('error', () => {})
  await client.connect()
  return client
}

export function openPool(options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(options)
  // A connection that dies, idle or in use, is replaced by the pool, and its query is rejected.
  // Without listeners it would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** A replica is given up for the primary when it does not answer for so long. */
const answerMs = 2_000
const connectMs = 1_000

/** One that is lost is looked for every so often. */
const retryMs = 1_000

export type Replica = ReturnType<typeof openReplica>

/**
 * Asks a replica, and in its place the primary when it fails for whatever reason: nothing is asked
 * of it but reads, which can be repeated. One that is lost is not asked until it is back.
 */
export function openReplica(
  url: string,
  primary: pg.Pool,
  { connections = 10, onReplica = () => {} }: StoreOptions,
) {
  const connection = connectionTo(url, { lockTimeoutMs: answerMs, connectTimeoutMs: connectMs })
  const pool = openPool({ ...connection, max: connections, query_timeout: answerMs })
  let isThere = true
  let timer: NodeJS.Timeout | undefined

  function lose() {
    if (!isThere) return
    isThere = false
    onReplica(false)
    lookAgain()
  }

  function lookAgain() {
    timer = setTimeout(() => {
      pool.query('SELECT 1').then(() => {
        isThere = true
        onReplica(true)
      }, lookAgain)
    }, retryMs)
  }

  return {
    /** As a pool does. */
    async query(config: pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
      if (!isThere) return primary.query(config, values)
      try {
        return await pool.query(config, values)
      } catch (error) {
        if (isUnavailable(error)) lose()
        return primary.query(config, values)
      }
    },

    async close() {
      clearTimeout(timer)
      await pool.end()
    },
  }
}
