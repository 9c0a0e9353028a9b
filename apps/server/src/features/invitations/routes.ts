import type { Endpoints } from '@rollcall/contract'
import type { Handlers } from '../../http/mount.ts'
import type { PasswordLinksService } from '../password-links/service.ts'

export function createInvitationRoutes(
  links: PasswordLinksService,
  publicUrl: string,
): Handlers<Pick<Endpoints, 'invitations'>> {
  return {
    invitations: {
      create: async ({ body }, { principal, reply }) => {
        const invited = await links.invite(body, principal)
        reply.header('location', `${publicUrl}/api/users/${invited.user.id}/`)
        return invited
      },
    },
  }
}
