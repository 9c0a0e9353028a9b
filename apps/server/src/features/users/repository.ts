import { and, count, eq, ne, or, type SQL, sql } from 'drizzle-orm'
import { prepared } from '../../db/prepared.ts'
import type { Queries } from '../../db/store.ts'
import type { Tables, UserRow } from '../../db/tables.ts'

/** A row about to be made: SQLite numbers it by itself. */
export type NewUserRow = Omit<UserRow, 'rowKey'>

/** The edited members of a row. */
export type UserChanges = Partial<Omit<NewUserRow, 'id' | 'version'>>

/** The hash of no password, as in Django: an account that nobody can sign in to. */
export const noPassword = '!'

export type UsersRepository = ReturnType<typeof createUsersRepository>

export function createUsersRepository({ users }: Tables) {
  const findById = prepared<UserRow[], { id: string }>('users_find_by_id', (queries) =>
    queries
      .select()
      .from(users)
      .where(eq(users.id, sql.placeholder('id'))),
  )

  // Where nobody has the name another row is read: the time tells nothing that `pnpm bench alike`
  // could find (ASVS 6.3.8).
  const findByLogin = prepared<UserRow[], { key: string }>('users_find_by_login', (queries) => {
    const key = sql.placeholder('key')
    const byUsername = sql`(SELECT ${users.id} FROM ${users} WHERE ${users.usernameKey} = ${key})`
    const byEmail = sql`(SELECT ${users.id} FROM ${users} WHERE ${users.emailKey} = ${key})`
    const another = sql`(SELECT ${users.id} FROM ${users} ORDER BY ${users.id} LIMIT 1)`
    return queries
      .select()
      .from(users)
      .where(eq(users.id, sql`COALESCE(${byUsername}, ${byEmail}, ${another})`))
  })

  const recordSignIn = prepared<{ id: string }[], Record<string, unknown>>(
    'users_record_sign_in',
    (queries) =>
      queries
        .update(users)
        .set({
          lastLogin: sql`${sql.placeholder('at')}`,
          passwordHash: sql`${sql.placeholder('newHash')}`,
        })
        .where(
          and(
            eq(users.id, sql.placeholder('id')),
            eq(users.passwordHash, sql.placeholder('passwordHash')),
            sql`${users.isActive} = true`,
          ),
        )
        .returning({ id: users.id }),
  )

  return {
    async findById(queries: Queries, id: string): Promise<UserRow | undefined> {
      const [row] = await findById(queries, { id })
      return row
    },

    /** By username or e-mail address; no address of one account is the name of another. */
    async findByLogin(queries: Queries, key: string): Promise<UserRow | undefined> {
      const [row] = await findByLogin(queries, { key })
      return row?.usernameKey === key || row?.emailKey === key ? row : undefined
    },

    /** Whether another account has the name or the address, as either of the two. */
    async findTaken(
      queries: Queries,
      keys: LoginKeys,
    ): Promise<{ username: boolean; email: boolean }> {
      const rows = await queries
        .select({ usernameKey: users.usernameKey, emailKey: users.emailKey })
        .from(users)
        .where(and(or(...matches(keys)), keys.exceptId ? ne(users.id, keys.exceptId) : undefined))
      const taken = new Set(rows.flatMap((row) => [row.usernameKey, row.emailKey]))
      return {
        username: keys.usernameKey !== undefined && taken.has(keys.usernameKey),
        email: keys.emailKey !== undefined && taken.has(keys.emailKey),
      }
    },

    async insert(tx: Queries, row: NewUserRow): Promise<UserRow> {
      const [inserted] = await tx.insert(users).values(row).returning()
      if (!inserted) throw new Error('The insert has answered no row')
      return inserted
    },

    /** Reads the newest row and keeps others from changing it until the commit. */
    async lock(tx: Queries, id: string): Promise<UserRow | undefined> {
      const [row] = await tx
        .update(users)
        .set({ version: sql`${users.version}` })
        .where(eq(users.id, id))
        .returning()
      return row
    },

    /** Whether an active superuser who can sign in stays when this account is none any more. */
    async hasOtherSuperuser(tx: Queries, id: string): Promise<boolean> {
      const isActiveSuperuser = and(sql`${users.isSuperuser} = true`, sql`${users.isActive} = true`)
      const rows = await tx
        .select({ id: users.id })
        .from(users)
        .where(and(isActiveSuperuser, ne(users.passwordHash, noPassword), ne(users.id, id)))
        .limit(1)
      return rows.length > 0
    },

    /** An edit: it makes a new version. */
    async update(tx: Queries, id: string, changes: UserChanges): Promise<UserRow> {
      const [row] = await tx
        .update(users)
        .set({ ...changes, version: sql`${users.version} + 1` })
        .where(eq(users.id, id))
        .returning()
      if (!row) throw new Error('The row was locked and is gone')
      return row
    },

    /** Notes a sign-in, unless the account was deactivated or its password changed meanwhile. */
    async recordSignIn(tx: Queries, row: UserRow, at: string, newHash?: string): Promise<boolean> {
      const { id, passwordHash } = row
      const values = { id, passwordHash, at, newHash: newHash ?? passwordHash }
      return (await recordSignIn(tx, values)).length > 0
    },

    delete: (tx: Queries, id: string) => tx.delete(users).where(eq(users.id, id)),

    async hasSuperuser(queries: Queries): Promise<boolean> {
      const rows = await queries
        .select({ id: users.id })
        .from(users)
        .where(sql`${users.isSuperuser} = true`)
        .limit(1)
      return rows.length > 0
    },

    /** Each by an index alone: of the flags only the rarer value has one. */
    async countAll(queries: Queries) {
      const countWhere = async (test?: SQL) => {
        const [row] = await queries.select({ count: count() }).from(users).where(test)
        return row?.count ?? 0
      }
      const total = await countWhere()
      const inactive = await countWhere(sql`${users.isActive} = false`)
      return {
        total,
        active: total - inactive,
        staff: await countWhere(sql`${users.isStaff} = true`),
        superusers: await countWhere(sql`${users.isSuperuser} = true`),
      }
    },
  }

  function matches({ usernameKey, emailKey }: LoginKeys): SQL[] {
    const keys = [usernameKey, emailKey].filter((key) => key !== undefined)
    return keys.flatMap((key) => [eq(users.usernameKey, key), eq(users.emailKey, key)])
  }
}

interface LoginKeys {
  readonly usernameKey?: string | undefined
  readonly emailKey?: string | undefined
  /** The account that asks for itself. */
  readonly exceptId?: string | undefined
}
