import type { Rows } from './rows.ts'

/** How a database is made, as text that two alike have in common. */
export async function describeSchema(rows: Rows): Promise<string> {
  const parts: object[][] = []
  for (const statement of rows.isSqlite ? ofSqlite : ofPostgres) {
    parts.push(await rows.read(statement))
  }
  return JSON.stringify(parts)
}

/** What was there before a migration must be there after it. */
export async function describePeople(rows: Rows): Promise<string> {
  const users = 'SELECT id, username, email, password_hash, is_active FROM users ORDER BY id'
  const sessions = 'SELECT id, user_id, generation FROM sessions ORDER BY id'
  return JSON.stringify([await rows.read(users), await rows.read(sessions)])
}

const applied = 'SELECT name, checksum FROM migrations ORDER BY name'

const ofSqlite = [
  'SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name',
  applied,
]

const ofPostgres = [
  `SELECT table_name, column_name, data_type, column_default, is_nullable, collation_name
   FROM information_schema.columns WHERE table_schema = 'public'
   ORDER BY table_name, ordinal_position`,
  "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname",
  `SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
   WHERE connamespace = 'public'::regnamespace ORDER BY conrelid::regclass::text, conname`,
  `SELECT pg_get_triggerdef(oid) AS definition FROM pg_trigger WHERE NOT tgisinternal
   ORDER BY tgname`,
  `SELECT proname, prosrc FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
   ORDER BY proname`,
  applied,
]
