import type { Endpoints } from '@rollcall/contract'
import type { Handlers } from '../../http/mount.ts'
import type { PasswordLinksService } from '../password-links/service.ts'

export function createInvitationRoutes(
  links: PasswordLinksService,
  publicUrl: string,
): Handlers<Pick<Endpoints, 'invitations'>> {
  return {
    invitations: {
      create: ({ body }, { principal, keep }) =>
        links.invite(body, principal, (tx, invited) => {
          const location = `${publicUrl}/api/users/${invited.user.id}/`
          return keep(tx, { headers: { location }, body: invited })
        }),
    },
  }
}
