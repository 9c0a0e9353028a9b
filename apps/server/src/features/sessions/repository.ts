import { and, asc, count, desc, eq, gt, inArray, lte, ne, sql } from 'drizzle-orm'
import { prepared } from '../../db/prepared.ts'
import type { Queries } from '../../db/store.ts'
import type { SessionRow, Tables, UserRow } from '../../db/tables.ts'

export type SessionsRepository = ReturnType<typeof createSessionsRepository>

export function createSessionsRepository({ sessions, users }: Tables) {
  const findWithUser = prepared<{ user: UserRow; session: SessionRow }[], { id: string }>(
    'sessions_find_with_user',
    (queries) => {
      // SQLite plans a join anew for each value that is bound to it, which takes
      // longer than the query; it leaves a subquery with DISTINCT as it is.
      const session = queries
        .selectDistinct()
        .from(sessions)
        .where(eq(sessions.id, sql.placeholder('id')))
        .as('session')
      return queries
        .select({ user: users, session: session._.selectedFields })
        .from(session)
        .innerJoin(users, eq(users.id, session.userId))
    },
  )

  const oldest = prepared<{ id: string }[], { userId: string; offset: number }>(
    'sessions_oldest',
    (queries) =>
      queries
        .select({ id: sessions.id })
        .from(sessions)
        .where(eq(sessions.userId, sql.placeholder('userId')))
        .orderBy(desc(sessions.createdAt), desc(sessions.id))
        .limit(1_000)
        .offset(sql.placeholder('offset')),
  )

  const rotate = prepared<SessionRow[], Rotation>('sessions_rotate', (queries) =>
    queries
      .update(sessions)
      .set({
        generation: sql`${sessions.generation} + 1`,
        lastUsedAt: sql`${sql.placeholder('now')}`,
        expiresAt: sql`${sql.placeholder('expiresAt')}`,
      })
      .where(
        and(
          eq(sessions.id, sql.placeholder('id')),
          eq(sessions.generation, sql.placeholder('generation')),
          gt(sessions.expiresAt, sql.placeholder('now')),
        ),
      )
      .returning(),
  )

  return {
    async findWithUser(queries: Queries, id: string) {
      const [row] = await findWithUser(queries, { id })
      return row
    },

    insert: prepared<unknown, SessionRow & Record<string, unknown>>('sessions_insert', (queries) =>
      queries.insert(sessions).values({
        id: sql.placeholder('id'),
        userId: sql.placeholder('userId'),
        generation: sql.placeholder('generation'),
        ip: sql.placeholder('ip'),
        userAgent: sql.placeholder('userAgent'),
        createdAt: sql.placeholder('createdAt'),
        lastUsedAt: sql.placeholder('lastUsedAt'),
        expiresAt: sql.placeholder('expiresAt'),
      }),
    ),

    /** Moves to the next generation, if this one is still the newest. */
    async rotate(tx: Queries, rotation: Rotation): Promise<SessionRow | undefined> {
      const [row] = await rotate(tx, rotation)
      return row
    },

    /** Notes that the person has proven again who they are; answers nothing if it has ended. */
    async reauthenticate(tx: Queries, id: string, at: string): Promise<SessionRow | undefined> {
      const [row] = await tx
        .update(sessions)
        .set({ reauthenticatedAt: at })
        .where(eq(sessions.id, id))
        .returning()
      return row
    },

    listOfUser: (queries: Queries, userId: string, now: string): Promise<SessionRow[]> =>
      queries
        .select()
        .from(sessions)
        .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, now)))
        .orderBy(desc(sessions.lastUsedAt), desc(sessions.id)),

    /** Ends one session, if it is this user's; answers whether it was. */
    async deleteOwn(tx: Queries, userId: string, id: string): Promise<boolean> {
      const deleted = await tx
        .delete(sessions)
        .where(and(eq(sessions.id, id), eq(sessions.userId, userId)))
        .returning({ id: sessions.id })
      return deleted.length > 0
    },

    /** Ends the oldest sessions of a user, so that no more than some remain; answers which. */
    async evictOldest(tx: Queries, userId: string, remaining: number): Promise<string[]> {
      const surplus = await oldest(tx, { userId, offset: remaining })
      for (const { id } of surplus) await tx.delete(sessions).where(eq(sessions.id, id))
      return surplus.map(({ id }) => id)
    },

    /** Ends every session of a user, but for one if it is named; answers how many. */
    async deleteOfUser(tx: Queries, userId: string, exceptId?: string): Promise<number> {
      const deleted = await tx
        .delete(sessions)
        .where(and(eq(sessions.userId, userId), exceptId ? ne(sessions.id, exceptId) : undefined))
        .returning({ id: sessions.id })
      return deleted.length
    },

    /** Ends every session; answers how many. */
    async deleteAll(tx: Queries): Promise<number> {
      const [row] = await tx.select({ count: count() }).from(sessions)
      await tx.delete(sessions)
      return row?.count ?? 0
    },

    /** Deletes some that have expired, oldest first; answers how many. */
    async deleteExpired(tx: Queries, now: string, limit: number): Promise<number> {
      const expired = tx
        .select({ id: sessions.id })
        .from(sessions)
        .where(lte(sessions.expiresAt, now))
        .orderBy(asc(sessions.expiresAt))
        .limit(limit)
      const deleted = await tx
        .delete(sessions)
        .where(inArray(sessions.id, expired))
        .returning({ id: sessions.id })
      return deleted.length
    },
  }
}

/** A refresh token's claim to the next generation. */
interface Rotation extends Record<string, unknown> {
  readonly id: string
  readonly generation: number
  readonly now: string
  readonly expiresAt: string
}
