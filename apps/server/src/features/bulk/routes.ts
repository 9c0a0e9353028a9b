import type { Endpoints } from '@rollcall/contract'
import type { Handlers } from '../../http/mount.ts'
import type { BulkService } from './service.ts'

export function createBulkRoutes(bulk: BulkService): Handlers<Pick<Endpoints, 'bulk'>> {
  return {
    bulk: {
      activate: ({ body }, { principal }) => bulk.activate(body, principal),
      deactivate: ({ body }, { principal }) => bulk.deactivate(body, principal),
      delete: ({ body }, { principal }) => bulk.remove(body, principal),
      endSessions: ({ body }, { principal }) => bulk.endSessions(body, principal),
      addRole: ({ body }, { principal }) => bulk.addRole(body, principal),
      removeRole: ({ body }, { principal }) => bulk.removeRole(body, principal),
    },
  }
}
