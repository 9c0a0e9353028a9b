import { setTimeout } from 'node:timers/promises'
import { randomBelow } from '../crypto.ts'
import { isConflict } from './errors.ts'

const mostAttempts = 5
const firstWaitMs = 10

/**
 * Repeats a transaction that the database has ended in favour of another: nothing of it was kept.
 * The waits are random, so that the same two do not meet again.
 */
export async function retryConflicts<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction()
    } catch (error) {
      if (!isConflict(error) || attempt === mostAttempts) throw error
    }
    await setTimeout(randomBelow(firstWaitMs * 2 ** attempt))
  }
}
