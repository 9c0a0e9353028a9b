import type { Endpoints } from '@rollcall/contract'
import type { Handlers } from '../../http/mount.ts'
import { originOf } from '../../http/origin.ts'
import { ProblemError } from '../../problem.ts'
import type { TokensService } from './service.ts'

export function createTokenRoutes(
  tokens: TokensService,
): Handlers<Pick<Endpoints, 'token' | 'logout'>> {
  return {
    token: {
      create: ({ body }, { request }) => tokens.signIn(body, originOf(request)),
      refresh: ({ body }) => tokens.refresh(body.refresh ?? ''),
      verify: async ({ body }) => {
        await tokens.verify(body.token)
        return {}
      },
      reauthenticate: async () => {
        throw new ProblemError('not_found')
      },
    },
    logout: ({ body }, { principal }) => tokens.signOut(principal, body),
  }
}
