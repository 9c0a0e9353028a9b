import type { Endpoints } from '@rollcall/contract'
import type { Handlers } from '../../http/mount.ts'
import type { BulkService } from './service.ts'

export function createBulkRoutes(bulk: BulkService): Handlers<Pick<Endpoints, 'bulk'>> {
  return {
    bulk: {
      activate: async ({ body }, { principal, keep }) =>
        bulk.keep(await bulk.activate(body, principal), keep),
      deactivate: async ({ body }, { principal, keep }) =>
        bulk.keep(await bulk.deactivate(body, principal), keep),
      delete: async ({ body }, { principal, keep }) =>
        bulk.keep(await bulk.remove(body, principal), keep),
      endSessions: async ({ body }, { principal, keep }) =>
        bulk.keep(await bulk.endSessions(body, principal), keep),
      addRole: async ({ body }, { principal, keep }) =>
        bulk.keep(await bulk.addRole(body, principal), keep),
      removeRole: async ({ body }, { principal, keep }) =>
        bulk.keep(await bulk.removeRole(body, principal), keep),
    },
  }
}
