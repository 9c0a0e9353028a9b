import { type Endpoints, overviewDays } from '@rollcall/contract'
import type { Handlers } from '../../http/mount.ts'
import type { DailyCounts } from '../audit/daily-counts.ts'
import type { UserCounter } from '../users/counter.ts'

export function createOverviewRoutes(
  counts: DailyCounts,
  counter: UserCounter,
): Handlers<Pick<Endpoints, 'overview'>> {
  return {
    overview: async () => ({
      users: await counter.count(),
      ...(await counts.lastDays(overviewDays)),
    }),
  }
}
