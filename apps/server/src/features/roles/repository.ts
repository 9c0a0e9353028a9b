import { asc, count, eq, inArray, sql } from 'drizzle-orm'
import { prepared } from '../../db/prepared.ts'
import type { Queries } from '../../db/store.ts'
import type { RoleRow, Tables } from '../../db/tables.ts'

export type RolesRepository = ReturnType<typeof createRolesRepository>

export function createRolesRepository({ roles, userRoles, users }: Tables) {
  const roleColumns = {
    id: roles.id,
    name: roles.name,
    nameKey: roles.nameKey,
    description: roles.description,
    permissions: roles.permissions,
    createdAt: roles.createdAt,
  }

  const ofUser = prepared<RoleRow[], { userId: string }>('roles_of_user', (queries) =>
    queries
      .select(roleColumns)
      .from(roles)
      .innerJoin(userRoles, eq(userRoles.roleId, roles.id))
      .where(eq(userRoles.userId, sql.placeholder('userId')))
      .orderBy(asc(roles.nameKey)),
  )

  return {
    list: (queries: Queries): Promise<RoleRow[]> =>
      queries.select().from(roles).orderBy(asc(roles.nameKey)),

    async findById(queries: Queries, id: string): Promise<RoleRow | undefined> {
      const [row] = await queries.select().from(roles).where(eq(roles.id, id))
      return row
    },

    /** The newest rows, which nobody else changes or deletes until the commit. */
    lockAll: (tx: Queries, ids: string[]): Promise<RoleRow[]> =>
      ids.length === 0
        ? Promise.resolve([])
        : tx
            .update(roles)
            .set({ name: sql`${roles.name}` })
            .where(inArray(roles.id, ids))
            .returning(),

    ofUser: (queries: Queries, userId: string) => ofUser(queries, { userId }),

    /** The names of the roles of several accounts at once. */
    namesOfUsers: (queries: Queries, userIds: string[]) =>
      queries
        .select({ userId: userRoles.userId, id: roles.id, name: roles.name })
        .from(userRoles)
        .innerJoin(roles, eq(roles.id, userRoles.roleId))
        .where(inArray(userRoles.userId, userIds))
        .orderBy(asc(roles.nameKey)),

    /** How many accounts hold each role that any holds, or one of them. */
    countHolders: (queries: Queries, id?: string) =>
      queries
        .select({ id: userRoles.roleId, holders: count() })
        .from(userRoles)
        .where(id === undefined ? undefined : eq(userRoles.roleId, id))
        .groupBy(userRoles.roleId),

    insert: (tx: Queries, row: RoleRow) => tx.insert(roles).values(row),

    /** Reads the newest row and keeps others from changing it until the commit. */
    async lock(tx: Queries, id: string): Promise<RoleRow | undefined> {
      const [row] = await tx
        .update(roles)
        .set({ name: sql`${roles.name}` })
        .where(eq(roles.id, id))
        .returning()
      return row
    },

    update: (tx: Queries, { id, ...changes }: RoleRow) =>
      tx.update(roles).set(changes).where(eq(roles.id, id)),

    delete: (tx: Queries, id: string) => tx.delete(roles).where(eq(roles.id, id)),

    /** Gives an account these roles and no others. */
    async setOfUser(tx: Queries, userId: string, roleIds: string[]): Promise<void> {
      await tx.delete(userRoles).where(eq(userRoles.userId, userId))
      if (roleIds.length > 0) {
        await tx.insert(userRoles).values(roleIds.map((roleId) => ({ userId, roleId })))
      }
      await tx
        .update(users)
        .set({ hasRoles: roleIds.length > 0, version: sql`${users.version} + 1` })
        .where(eq(users.id, userId))
    },
  }
}
