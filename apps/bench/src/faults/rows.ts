import Database from 'better-sqlite3'
import pg from 'pg'

/** Reads what the database holds, beside the server. */
export interface Rows {
  readonly isSqlite: boolean
  read<T extends object>(statement: string): Promise<T[]>
  close(): Promise<void>
}

export async function openRows(databaseUrl: string): Promise<Rows> {
  if (databaseUrl.startsWith('file:')) return openSqliteRows(databaseUrl.slice('file:'.length))
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  return {
    isSqlite: false,
    read: async <T extends object>(statement: string) =>
      (await client.query<T & pg.QueryResultRow>(statement)).rows,
    close: () => client.end(),
  }
}

function openSqliteRows(path: string): Rows {
  const database = new Database(path, { readonly: true, timeout: 5_000 })
  return {
    isSqlite: true,
    read: async <T extends object>(statement: string) => database.prepare<[], T>(statement).all(),
    close: async () => {
      database.close()
    },
  }
}

/** Runs something on an open database, and closes it. */
export async function withRows<T>(
  databaseUrl: string,
  work: (rows: Rows) => Promise<T>,
): Promise<T> {
  const rows = await openRows(databaseUrl)
  try {
    return await work(rows)
  } finally {
    await rows.close()
  }
}

/** What must never be found of those in the ledger, whatever has happened to the server. */
const halfWritten: Readonly<Record<string, string>> = {
  'accounts without the event of their making': `SELECT count(*) AS n FROM users u
    WHERE u.username LIKE 'person-%' AND NOT EXISTS (
    SELECT 1 FROM audit_events e WHERE e.target_id = CAST(u.id AS text)
    AND e.action IN ('user.registered', 'user.created'))`,
  'events of accounts that are not there': `SELECT count(*) AS n FROM audit_events e
    WHERE e.action = 'user.registered'
    AND NOT EXISTS (SELECT 1 FROM users u WHERE CAST(u.id AS text) = e.target_id)`,
  'sessions without the event of their sign-in': `SELECT count(*) AS n FROM sessions s
    JOIN users u ON u.id = s.user_id WHERE u.username LIKE 'person-%' AND NOT EXISTS (
    SELECT 1 FROM audit_events e WHERE e.actor_session_id = CAST(s.id AS text)
    AND e.action = 'sign_in.succeeded')`,
  'sessions of accounts that are not there': `SELECT count(*) AS n FROM sessions s
    WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = s.user_id)`,
  'events neither sealed nor waiting for it': `SELECT count(*) AS n FROM audit_events e WHERE NOT EXISTS (
    SELECT 1 FROM audit_seals s WHERE s.event_id = CAST(e.id AS text))
    AND NOT EXISTS (SELECT 1 FROM audit_unsealed w WHERE w.event_id = CAST(e.id AS text))`,
}

/** What the database itself and its rows have to complain of; nothing when all is well. */
export async function findDamage(rows: Rows): Promise<string[]> {
  const found = rows.isSqlite ? await checkSqlite(rows) : await checkPostgres(rows)
  for (const [what, statement] of Object.entries(halfWritten)) {
    const [row] = await rows.read<{ n: number | string }>(statement)
    if (Number(row?.n) !== 0) found.push(`${row?.n} ${what}`)
  }
  return found
}

async function checkSqlite(rows: Rows): Promise<string[]> {
  const integrity = await rows.read<{ integrity_check: string }>('PRAGMA integrity_check')
  const references = await rows.read('PRAGMA foreign_key_check')
  return [
    ...integrity.map((row) => row.integrity_check).filter((line) => line !== 'ok'),
    ...references.map((row) => `a broken reference: ${JSON.stringify(row)}`),
  ]
}

/** Every index against its table, by PostgreSQL's own checker where it is installed. */
async function checkPostgres(rows: Rows): Promise<string[]> {
  try {
    await rows.read('CREATE EXTENSION IF NOT EXISTS amcheck')
  } catch {
    return []
  }
  try {
    await rows.read(
      `SELECT bt_index_check(i.indexrelid, true) FROM pg_index i
       JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
       JOIN pg_class t ON t.oid = i.indrelid
       WHERE a.amname = 'btree' AND t.relnamespace = 'public'::regnamespace`,
    )
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}
