import type { Endpoints } from '@rollcall/contract'
import type { Handlers } from '../../http/mount.ts'
import type { AuditChain } from './chain.ts'
import type { AuditPages } from './pages.ts'

export function createAuditRoutes(
  pages: AuditPages,
  chain: AuditChain,
): Handlers<Pick<Endpoints, 'audit'>> {
  return {
    audit: {
      list: ({ query }) => pages.list('/api/audit/', query, query),
      chain: () => chain.state(),
    },
  }
}
