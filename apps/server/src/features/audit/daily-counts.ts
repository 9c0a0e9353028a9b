import type { AuditAction, DayCount } from '@rollcall/contract'
import { addSeconds, type Clock, toInstant } from '../../clock.ts'
import type { Queries, Store } from '../../db/store.ts'
import type { AuditEventRow } from '../../db/tables.ts'
import { createDailyCountsRepository } from './daily-counts-repository.ts'

/** What is counted by day. */
export type CountName = 'joined' | 'sign_ins' | 'sign_in_failures'

/** The count that an event adds to. */
const countOf: Partial<Record<AuditAction, CountName>> = {
  'user.registered': 'joined',
  'user.created': 'joined',
  'invitation.made': 'joined',
  'sign_in.succeeded': 'sign_ins',
  'sign_in.failed': 'sign_in_failures',
  'sign_in.throttled': 'sign_in_failures',
}

/** As long as the trail that they are counted from is kept by default. */
const keptDays = 400

const daySeconds = 86_400

export type DailyCounts = ReturnType<typeof createDailyCounts>

/**
 * Counts what happens by day while the trail is sealed, so that nobody has to count millions of
 * events when somebody looks.
 */
export function createDailyCounts(dependencies: { store: Store; clock: Clock }) {
  const { store, clock } = dependencies
  const repository = createDailyCountsRepository(store.tables)

  return {
    /** Adds events that were not counted before. */
    async add(tx: Queries, events: readonly AuditEventRow[]): Promise<void> {
      const sums = new Map<string, { day: string; name: string; count: number }>()
      for (const { at, action } of events) {
        const name = countOf[action as AuditAction]
        if (!name) continue
        const day = dayOf(at)
        const sum = sums.get(`${day} ${name}`) ?? { day, name, count: 0 }
        sums.set(`${day} ${name}`, { ...sum, count: sum.count + 1 })
      }
      if (sums.size > 0) await repository.add(tx, [...sums.values()])
    },

    /** The counts of the last days, oldest first, each day there. */
    async lastDays(days: number): Promise<Record<CountName, DayCount[]>> {
      const wanted = Array.from({ length: days }, (_, index) => dayBefore(days - 1 - index))
      const rows = await repository.since(store.read, dayBefore(days - 1))
      const counts = new Map(rows.map(({ day, name, count }) => [`${day} ${name}`, count]))
      const series = (name: CountName) =>
        wanted.map((day) => ({ day, count: counts.get(`${day} ${name}`) ?? 0 }))
      return {
        joined: series('joined'),
        sign_ins: series('sign_ins'),
        sign_in_failures: series('sign_in_failures'),
      }
    },

    /** Deletes the counts of days that nobody asks about any more. */
    prune: () => store.write((tx) => repository.deleteBefore(tx, dayBefore(keptDays))),
  }

  /** So many days before today, in UTC. */
  function dayBefore(days: number): string {
    return dayOf(toInstant(addSeconds(clock.now(), -days * daySeconds)))
  }
}

function dayOf(instant: string): string {
  return instant.slice(0, 10)
}
