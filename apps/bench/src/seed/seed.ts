import { hash } from '@node-rs/argon2'
import { makePeople } from './people.ts'
import { seedPostgres } from './postgres.ts'
import { seedSqlite } from './sqlite.ts'

/** The cost of a hash by default. */
export const argon2Cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** The password of everybody who is made up. */
export const seededPassword = 'five-purple-teapots'

/** Fills the migrated, empty database with so many accounts, as fast as the database goes. */
export async function seed(databaseUrl: string, count: number, until: Date): Promise<void> {
  const passwordHash = await hash(seededPassword, argon2Cost)
  const people = makePeople({ count, passwordHash, until })
  if (databaseUrl.startsWith('file:')) seedSqlite(databaseUrl.slice('file:'.length), people)
  else await seedPostgres(databaseUrl, people)
}
