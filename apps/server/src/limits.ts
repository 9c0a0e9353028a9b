/**
 * Every limit on how often something may be tried, in one place: the server
 * counts by them and the documentation shows them. How long things last is
 * set by the operator, see config.ts.
 */

/** How often one address may call; IPv6 counts by its /64, which one subscriber holds. */
export interface RateLimit {
  readonly max: number
  readonly windowSeconds: number
  /** Why so many, and no more. */
  readonly reason: string
}

/**
 * By operation; `others` counts all the rest together. A whole office or school
 * may stand behind one address, so these only keep one address from taking the
 * server for itself; guessing is slowed by `backOff`.
 */
export const rateLimits = {
  'token.create': {
    max: 300,
    windowSeconds: 60,
    reason: 'A class that signs in together fits in; the hashes take a tenth of two cores.',
  },
  'token.refresh': {
    max: 600,
    windowSeconds: 60,
    reason: 'Each tab renews every five minutes, so that 3,000 tabs share an address.',
  },
  'token.reauthenticate': {
    max: 60,
    windowSeconds: 60,
    reason: 'Asked of a person now and then; each takes a hash.',
  },
  register: {
    max: 600,
    windowSeconds: 3_600,
    reason: 'A conference may register from one network; a script is held to ten a minute.',
  },
  'password.change': {
    max: 60,
    windowSeconds: 60,
    reason: 'Done by a person now and then; each takes two hashes.',
  },
  'password.set': {
    max: 60,
    windowSeconds: 60,
    reason: 'Done once by a person; the 256 bits of a link cannot be guessed.',
  },
  'users.export': {
    max: 30,
    windowSeconds: 60,
    reason: 'Asked for by a person now and then; each may read every account.',
  },
  others: {
    max: 3_000,
    windowSeconds: 60,
    reason: '300 people with ten calls a minute each; a hundredth of what the server answers.',
  },
} as const satisfies Record<string, RateLimit>

/** How many wrong passwords are free, counted anew after a while, before each has to wait. */
export interface BackOffRule {
  readonly freeFailures: number
  /** Counting starts anew so long after it started, or after the last wait has ended. */
  readonly windowSeconds: number
  /** How many are verified at a time; the others wait in line, so that right ones all pass. */
  readonly parallel: number
  /** Whether the right password forgets every failure, or only is none itself. */
  readonly resetBySuccess: boolean
  readonly reason: string
}

/** A device that somebody has signed in from is known for so long. */
const knownDeviceDays = 90

export const knownDeviceSeconds = knownDeviceDays * 86_400

/** By what wrong passwords are counted, wherever one is given. */
export const backOff = {
  account: {
    freeFailures: 5,
    windowSeconds: 86_400,
    parallel: 1,
    resetBySuccess: true,
    reason: 'By the name, whether such an account exists or not, from wherever it is tried.',
  },
  device: {
    freeFailures: 5,
    windowSeconds: 86_400,
    parallel: 1,
    resetBySuccess: true,
    reason: `In place of the account where it has signed in within ${knownDeviceDays} days from the same network with the same browser: others who guess cannot lock its holder out.`,
  },
  address: {
    freeFailures: 60,
    windowSeconds: 60,
    parallel: 20,
    resetBySuccess: false,
    reason:
      'By the address, whatever the names: slows who tries one password on many accounts. A whole school mistypes less.',
  },
} as const satisfies Record<string, BackOffRule>

/** The first wait; each further failure doubles it, up to the longest. */
export const waits = { firstSeconds: 1, longestSeconds: 900 } as const

/** 1, 2, 4, ... and at last the longest. */
export const waitSeconds = doublings(waits.firstSeconds, waits.longestSeconds)

function doublings(seconds: number, longest: number): number[] {
  return seconds < longest ? [seconds, ...doublings(seconds * 2, longest)] : [longest]
}
