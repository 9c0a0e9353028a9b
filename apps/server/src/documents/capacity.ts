import { readFigures } from './figures.ts'

const speed = readFigures()['speed-SQLite']

function perSecond(what: string): number {
  return Number(speed?.rows.find(([name]) => name === what)?.[1])
}

/**
 * What was measured, and what is assumed of people. The page «Growing» does its arithmetic with
 * these figures and no others; `pnpm bench speed --publish` puts in those of your machine.
 */
export const measured = {
  machine: speed?.machine ?? '',
  /** Of one process on SQLite; `pnpm bench speed`. */
  perProcess: {
    read: perSecond('read own account'),
    list: perSecond('list 50 accounts'),
    refresh: perSecond('refresh'),
  },
  /** Bounded by the hash alone, whatever the database; `pnpm bench speed` on two cores. */
  signInsPerCore: Math.round(perSecond('sign in') / 2),
  /** In bytes, with all indexes, on PostgreSQL. */
  row: { account: 741, session: 265, event: 845 },
  /** In bytes, an account on SQLite. */
  accountOnSqlite: 780,
} as const

export const assumed = {
  accounts: 100_000_000,
  /** The share of accounts whose holders come on a day. */
  activeShare: 0.2,
  /** By each of them, on that day. */
  calls: 40,
  /** Half an hour, with access tokens of five minutes. */
  renewals: 6,
  /** Once in two weeks. */
  signIns: 1 / 14,
  sessionsPerAccount: 1.5,
  /** The busiest second has so much more than the mean. */
  peak: 3,
  /** Processes and cores are used to so much of what they can, and no more. */
  utilisation: 0.5,
  retentionDays: 400,
} as const
