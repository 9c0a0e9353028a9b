import { type Endpoints, type Permission, permissions } from '@rollcall/contract'
import type { Handlers } from '../../http/mount.ts'
import type { RolesService } from './service.ts'

export function createRoleRoutes(
  roles: RolesService,
  publicUrl: string,
): Handlers<Pick<Endpoints, 'roles' | 'permissions'>> {
  return {
    roles: {
      list: async () => ({ results: await roles.list() }),
      create: async ({ body }, { principal, reply }) => {
        const role = await roles.create(body, principal)
        reply.header('location', `${publicUrl}/api/roles/${role.id}/`)
        return role
      },
      get: ({ params }) => roles.get(params.id),
      replace: ({ params, body }, { principal }) =>
        roles.update(params.id, { description: '', ...body }, principal),
      update: ({ params, body }, { principal }) => roles.update(params.id, body, principal),
      delete: ({ params }, { principal }) => roles.remove(params.id, principal),
    },
    permissions: {
      list: async () => ({ results: everyPermission }),
    },
  }
}

const everyPermission = Object.entries(permissions).map(([name, description]) => ({
  name: name as Permission,
  description,
}))
