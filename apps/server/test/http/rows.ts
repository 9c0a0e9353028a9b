import type { Store } from '../../src/db/store.ts'

/** Every row of the database: what a refused request must leave as it is. */
export async function allRows({ read, tables }: Store) {
  const { users, sessions, signingKeys } = tables
  return {
    users: await read.select().from(users),
    sessions: await read.select().from(sessions),
    signingKeys: await read.select().from(signingKeys),
  }
}
