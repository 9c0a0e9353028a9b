import type { Endpoints } from '@rollcall/contract'
import type { Config } from '../../config.ts'
import type { Handlers } from '../../http/mount.ts'
import type { UsersService } from '../users/service.ts'
import type { SystemService } from './service.ts'

export function createSystemRoutes(
  system: SystemService,
  users: Pick<UsersService, 'hasSuperuser'>,
  registration: Config['registration'],
): Handlers<Pick<Endpoints, 'system' | 'setup'>> {
  // The last superuser cannot be removed: once there is one, there always is.
  let hasSuperuser = false
  return {
    system: () => system.state(),
    setup: async () => {
      hasSuperuser ||= await users.hasSuperuser()
      return { needs_superuser: !hasSuperuser, registration }
    },
  }
}
