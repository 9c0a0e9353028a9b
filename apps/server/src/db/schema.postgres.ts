import { columns } from './columns.postgres.ts'
import { defineTables } from './tables.ts'

/** What drizzle-kit and the PostgreSQL store read. */
export const {
  users,
  sessions,
  signingKeys,
  roles,
  userRoles,
  oneTimeTokens,
  attempts,
  idempotencyKeys,
  auditEvents,
  auditUnsealed,
  auditSeals,
  auditChain,
  dailyCounts,
} = defineTables(columns)
