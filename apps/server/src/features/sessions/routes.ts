import type { Endpoints } from '@rollcall/contract'
import type { Handlers } from '../../http/mount.ts'
import { ProblemError } from '../../problem.ts'
import type { UsersService } from '../users/service.ts'
import { toSession } from './representation.ts'
import type { SessionsService } from './service.ts'

export function createSessionRoutes(
  sessions: SessionsService,
  users: UsersService,
): Handlers<Pick<Endpoints, 'sessions'>> {
  return {
    sessions: {
      list: async (_input, { principal }) => ({
        results: (await sessions.list(principal.user.id)).map((row) => toSession(row, principal)),
      }),
      delete: async ({ params }, { principal }) => {
        if (await sessions.endOwn(principal, params.id)) return
        const mayOthers = principal.can('sessions.revoke')
        if (mayOthers && (await users.endSession(params.id, principal))) return
        throw new ProblemError('not_found', { detail: 'You have no such session.' })
      },
    },
  }
}
