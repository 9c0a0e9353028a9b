import type { Endpoints, ExportFormat, UserPatch } from '@rollcall/contract'
import type { FastifyReply } from 'fastify'
import { type Clock, toInstant } from '../../clock.ts'
import type { UserRow } from '../../db/tables.ts'
import type { Context, Handlers } from '../../http/mount.ts'
import { originOf } from '../../http/origin.ts'
import { ProblemError } from '../../problem.ts'
import type { AuditPages } from '../audit/pages.ts'
import type { PasswordLinksService } from '../password-links/service.ts'
import { type Principal, permissionsOf } from '../sessions/principal.ts'
import { toSession } from '../sessions/representation.ts'
import type { SessionsService } from '../sessions/service.ts'
import type { UserExporter } from './export.ts'
import type { UserPages } from './pages.ts'
import { etagOf, toUser } from './representation.ts'
import type { UsersService } from './service.ts'

export function createUserRoutes(dependencies: {
  users: UsersService
  sessions: SessionsService
  pages: UserPages
  history: AuditPages
  links: PasswordLinksService
  exporter: UserExporter
  clock: Clock
  publicUrl: string
}): Handlers<Pick<Endpoints, 'register' | 'users' | 'password'>> {
  const { users, sessions, pages, history, links, exporter, clock, publicUrl } = dependencies

  function created(row: UserRow) {
    return { headers: { location: `${publicUrl}/api/users/${row.id}/` }, body: toUser(row) }
  }

  function shown(row: UserRow, reply: FastifyReply) {
    reply.header('etag', etagOf(row))
    return users.present(row)
  }

  /** A change of an account, one's own or another's, whole or in part. */
  async function change(
    id: string,
    patch: UserPatch,
    { principal, request, reply }: Context<Principal>,
  ) {
    const ifMatch = request.headers['if-match']
    return shown(await users.update({ id, patch, actor: principal, ifMatch }), reply)
  }

  return {
    register: ({ body }, { request, keep }) =>
      users.createWith(body, originOf(request), (tx, row) => keep(tx, created(row))),

    users: {
      list: ({ query }) => pages.list(query),
      export: async ({ query }, { principal, reply }) => {
        const parts = exporter.write(query, principal)
        const format = query.format ?? 'csv'
        const day = toInstant(clock.now()).slice(0, 10)
        reply.header('content-disposition', `attachment; filename="users-${day}.${format}"`)
        reply.type(exportTypes[format])
        return parts
      },
      create: ({ body }, { principal, keep }) =>
        users.createWith(body, principal, (tx, row) => keep(tx, created(row))),

      me: async (_input, { principal, reply }) => ({
        ...(await shown(principal.user, reply)),
        permissions: permissionsOf(principal),
      }),
      replaceMe: ({ body }, context) => change(context.principal.user.id, body, context),
      updateMe: ({ body }, context) => change(context.principal.user.id, body, context),
      deleteMe: (_input, { principal, request }) =>
        users.remove(principal.user.id, principal, request.headers['if-match']),

      get: async ({ params }, { principal, reply }) => {
        const isOwn = params.id === principal.user.id
        const row = isOwn ? principal.user : await users.findById(params.id)
        if (!row) throw new ProblemError('not_found', { detail: 'There is no such account.' })
        return shown(row, reply)
      },
      replace: ({ params, body }, context) => change(params.id, body, context),
      update: ({ params, body }, context) => change(params.id, body, context),
      delete: ({ params }, { principal, request }) =>
        users.remove(params.id, principal, request.headers['if-match']),
      setRoles: async ({ params, body }, { principal, request, reply }) => {
        const ifMatch = request.headers['if-match']
        return shown(await users.setRoles(params.id, () => body.roles, principal, ifMatch), reply)
      },
      sessions: async ({ params }, { principal }) => ({
        results: (await sessions.list(params.id)).map((row) => toSession(row, principal)),
      }),
      audit: ({ params, query }) =>
        history.list(`/api/users/${params.id}/audit/`, query, { about: params.id }),
      myAudit: ({ query }, { principal }) =>
        history.list('/api/users/me/audit/', query, { about: principal.user.id }),
      passwordLink: ({ params }, { principal }) => links.make(params.id, principal),
      endSessions: ({ params }, { principal }) => users.endSessions(params.id, principal),
    },

    password: {
      set: ({ body }, { request }) => links.use(body, originOf(request)),
      change: ({ body }, { principal }) =>
        users.changePassword(principal, body.current_password, body.new_password),
    },
  }
}

const exportTypes: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}
