import type { Endpoints } from '@rollcall/contract'
import type { FastifyRequest } from 'fastify'
import type { Handlers } from '../../http/mount.ts'
import type { Device } from '../sessions/service.ts'
import type { TokensService } from './service.ts'

export function createTokenRoutes(
  tokens: TokensService,
): Handlers<Pick<Endpoints, 'token' | 'logout'>> {
  return {
    token: {
      create: ({ body }, { request }) => tokens.signIn(body, deviceOf(request)),
      refresh: ({ body }) => tokens.refresh(body.refresh),
      verify: async ({ body }) => {
        await tokens.verify(body.token)
        return {}
      },
    },
    logout: ({ body }, { principal }) => tokens.signOut(principal, body),
  }
}

const longestUserAgent = 512

function deviceOf(request: FastifyRequest): Device {
  const userAgent = request.headers['user-agent']?.slice(0, longestUserAgent) ?? null
  return { ip: request.ip, userAgent }
}
