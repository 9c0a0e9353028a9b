interface Count {
  current: number
  readonly startedAtMs: number
}

type Callback = (error: null, result: { current: number; ttl: number }) => void

/** So many addresses are kept in mind; beyond it the one that called longest ago is forgotten. */
const rememberedAddresses = 100_000

/**
 * Counts calls in this process, by a clock that nobody sets: the plugin's own counts by the time
 * of day, and would keep an address out for as long as that is set back.
 */
export class LimitStore {
  private readonly counts = new Map<string, Count>()

  incr(key: string, callback: Callback, windowMs: number): void {
    const now = Math.trunc(performance.now())
    const known = this.counts.get(key)
    const isOver = known === undefined || known.startedAtMs + windowMs <= now
    const count = isOver ? { current: 0, startedAtMs: now } : known
    count.current += 1
    // The end of a Map is what was set last.
    this.counts.delete(key)
    this.counts.set(key, count)
    if (this.counts.size > rememberedAddresses) this.forgetOldest()
    callback(null, { current: count.current, ttl: count.startedAtMs + windowMs - now })
  }

  /** The plugin wants a class with this; here one store counts for all routes. */
  child(): LimitStore {
    return this
  }

  private forgetOldest(): void {
    const { value: oldest } = this.counts.keys().next()
    if (oldest !== undefined) this.counts.delete(oldest)
  }
}
