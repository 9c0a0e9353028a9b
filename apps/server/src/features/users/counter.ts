import type { UserCounts } from '@rollcall/contract'
import { addSeconds, type Clock, toInstant } from '../../clock.ts'
import type { Store } from '../../db/store.ts'
import { createUsersRepository } from './repository.ts'

/** So long the same counts are answered, however many ask. */
const freshSeconds = 10

export type UserCounter = ReturnType<typeof createUserCounter>

/** Counts all accounts, which takes a while among a million: once for everybody who asks. */
export function createUserCounter({ store, clock }: { store: Store; clock: Clock }) {
  const repository = createUsersRepository(store.tables)
  let latest: Promise<UserCounts> | undefined
  let staleAt = clock.now()

  async function count(): Promise<UserCounts> {
    const countedAt = toInstant(clock.now())
    return { ...(await repository.countAll(store.replica)), counted_at: countedAt }
  }

  return {
    count(): Promise<UserCounts> {
      const now = clock.now()
      if (latest && now < staleAt) return latest
      staleAt = addSeconds(now, freshSeconds)
      latest = count()
      latest.catch(() => {
        latest = undefined
      })
      return latest
    },
  }
}
