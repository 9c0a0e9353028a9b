import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/argon2'
import { randomText } from '../../crypto.ts'
import { ProblemError } from '../../problem.ts'
import { lowerPriorityOfPool } from './priority.ts'

export interface HasherSettings {
  readonly argon2MemoryKib: number
  readonly argon2Passes: number
  readonly argon2Lanes: number
  readonly hashQueue: number
  /** Processes that share the cores. */
  readonly workers?: number
}

export type Hasher = Awaited<ReturnType<typeof createHasher>>

/**
 * Hashes passwords by argon2id on other threads, no more at a time than there
 * are cores. Beyond the queue callers are refused, so that a storm of sign-ins
 * cannot pile up work for minutes.
 */
export async function createHasher(settings: HasherSettings) {
  const cost = {
    memoryCost: settings.argon2MemoryKib,
    timeCost: settings.argon2Passes,
    parallelism: settings.argon2Lanes,
  }
  const { turn, load } = createTurns(shareOfCores(settings), settings.hashQueue)
  const costPrefix = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`
  // Verified where there is no account, so that both take the same time (ASVS 6.3.8).
  const dummy = await hash(randomText(16), cost)
  // The pool's threads are there from the first hash on.
  lowerPriorityOfPool()

  return {
    hash: (password: string) => turn(() => hash(toBytes(password), cost)),

    /** Whether the password is the one hashed. Without a hash it takes as long and says no. */
    verify: (stored: string | undefined, password: string): Promise<boolean> =>
      turn(async () => {
        const isRight = await verifySafely(stored ?? dummy, password, dummy)
        return stored !== undefined && isRight
      }),

    /** Whether the hash was made at another cost than the one set now. */
    isWeaker: (stored: string) => !stored.startsWith(costPrefix),

    /** How many hashes are under way and how many wait. */
    load,
  }
}

function shareOfCores({ workers = 1 }: HasherSettings): number {
  return Math.ceil(availableParallelism() / workers)
}

/** A malformed hash fails at once, which would tell; so the dummy is verified in its place. */
async function verifySafely(stored: string, password: string, dummy: string): Promise<boolean> {
  try {
    return await verify(stored, toBytes(password))
  } catch {
    await verify(dummy, toBytes(password))
    return false
  }
}

/** The same text in another Unicode form is the same password (NIST SP 800-63B). */
function toBytes(password: string): Buffer {
  return Buffer.from(password.normalize('NFC'))
}

/** Runs so many jobs at a time, lets so many wait, and refuses the rest. */
function createTurns(size: number, queueLength: number) {
  const waiting: (() => void)[] = []
  let running = 0

  return { turn, load: () => ({ running, waiting: waiting.length }) }

  async function turn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= size) await wait()
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }

  function wait(): Promise<void> {
    if (waiting.length >= queueLength) {
      throw new ProblemError('service_unavailable', {
        detail: 'Too many people are signing in at this moment. Try again in a second.',
        retryAfter: 1,
      })
    }
    return new Promise((resolve) => waiting.push(resolve))
  }
}
