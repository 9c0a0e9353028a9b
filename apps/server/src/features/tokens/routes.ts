import type { Endpoints, TokenPair } from '@rollcall/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RefreshCookie } from '../../http/cookies.ts'
import type { Handlers } from '../../http/mount.ts'
import { originOf } from '../../http/origin.ts'
import type { IssuedTokens, TokensService } from './service.ts'

export function createTokenRoutes(
  tokens: TokensService,
  cookie: RefreshCookie,
): Handlers<Pick<Endpoints, 'token' | 'logout'>> {
  /** The pair as it is answered: a refresh token that came by cookie goes by cookie. */
  function answer({ pair, expiresAt }: IssuedTokens, reply: FastifyReply, byCookie: boolean) {
    if (!byCookie) return pair
    cookie.set(reply, pair.refresh, expiresAt)
    return { ...pair, refresh: null } satisfies TokenPair
  }

  /** The refresh token of the body, or else of the cookie. */
  function presented(refresh: string | undefined, request: FastifyRequest) {
    return refresh === undefined
      ? { refresh: cookie.read(request), byCookie: true }
      : { refresh, byCookie: false }
  }

  return {
    token: {
      create: async ({ body }, { request, reply }) => {
        const byCookie = body.transport === 'cookie'
        if (byCookie) cookie.refuseOtherSites(request)
        const replaced = byCookie ? cookie.peek(request) : undefined
        return answer(await tokens.signIn(body, originOf(request), replaced), reply, byCookie)
      },
      refresh: async ({ body }, { request, reply }) => {
        const { refresh, byCookie } = presented(body.refresh, request)
        return answer(await tokens.refresh(refresh, originOf(request)), reply, byCookie)
      },
      verify: async ({ body }) => {
        await tokens.verify(body.token)
        return {}
      },
      reauthenticate: ({ body }, { principal }) => tokens.reauthenticate(principal, body.password),
    },
    logout: async ({ body }, { principal, request, reply }) => {
      const { refresh, byCookie } = presented(body.refresh, request)
      await tokens.signOut(principal, { ...body, refresh })
      if (byCookie && body.scope !== 'others') cookie.clear(reply)
    },
  }
}
