import { addSeconds, type Clock, systemClock } from '../clock.ts'

export type SettableClock = ReturnType<typeof createSettableClock>

/** A clock that goes on as the system's does, and can be put forward. */
export function createSettableClock() {
  let aheadSeconds = 0
  const clock: Clock = { now: () => addSeconds(systemClock.now(), aheadSeconds) }
  return {
    ...clock,
    advance(seconds: number) {
      aheadSeconds += seconds
    },
    reset() {
      aheadSeconds = 0
    },
  }
}
