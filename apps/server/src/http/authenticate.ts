import type { SessionsService } from '../features/sessions/service.ts'
import type { AccessTokens } from '../features/tokens/access-tokens.ts'
import { ProblemError } from '../problem.ts'
import type { Authenticate } from './mount.ts'
import { originOf } from './origin.ts'

/**
 * Finds who calls by the access token and the session that it names. The
 * session is looked up on every request, so that signing out, deactivation
 * and a changed right act on the next one (ASVS 7.4.1, 8.3.2).
 */
export function createAuthenticate(dependencies: {
  accessTokens: AccessTokens
  sessions: SessionsService
}): Authenticate {
  const { accessTokens, sessions } = dependencies
  return async (request) => {
    const token = bearerTokenOf(request.headers.authorization)
    const claims = await accessTokens.verify(token)
    const principal = claims && (await sessions.findPrincipal(claims, originOf(request)))
    if (!principal) {
      throw new ProblemError('token_not_valid', {
        detail: 'The access token is not valid or has expired. Refresh it or sign in again.',
      })
    }
    return principal
  }
}

/** RFC 6750: `Authorization: Bearer <token>`, the scheme in any case. */
function bearerTokenOf(header: string | undefined): string {
  const [, token] = /^bearer +([\w\-.~+/=]+)$/i.exec(header ?? '') ?? []
  if (!token) {
    throw new ProblemError('not_authenticated', {
      detail: 'Send an access token as `Authorization: Bearer <token>`.',
    })
  }
  return token
}
