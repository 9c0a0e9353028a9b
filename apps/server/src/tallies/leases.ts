import type { Count, Tally } from './tally.ts'

/** Counts that this process may still make of a key without asking. */
interface Lease {
  /** The number of the last count. */
  counted: number
  /** The number up to which there is nothing to ask. */
  until: number
  /** Counts that the others do not know of. */
  unreported: number
  readonly endsAt: number
}

/** Told when the tally was lost, and when it is back. */
export type OnChange = (isShared: boolean) => void

/** Whoever could not be asked is asked again after so long. */
const retryMs = 1_000

const mostKeys = 100_000

/**
 * Counts in a tally that processes share, a hundredth of the limit at a time, so that few calls
 * wait for it: no more are ever let through together, and each process may stop so much short.
 * While the tally is lost each process counts for itself, and tells the others afterwards.
 */
export function createLeases(tally: Tally, onChange: OnChange = () => {}) {
  const leases = new Map<string, Lease>()
  const asking = new Map<string, Promise<void>>()
  let isShared = true

  /** Counts a call; the total is above the limit when there was one too many. */
  return async function count(key: string, windowMs: number, max: number): Promise<Count> {
    for (;;) {
      const lease = current(key)
      if (lease && (lease.counted < lease.until || lease.counted > max)) return take(lease)
      if (!isShared) return countAlone(key, lease, windowMs)
      if (!asking.has(key)) asking.set(key, extend(key, lease, windowMs, max))
      await asking.get(key)
    }
  }

  function current(key: string): Lease | undefined {
    const lease = leases.get(key)
    return lease && lease.endsAt > performance.now() ? lease : undefined
  }

  function take(lease: Lease): Count {
    if (lease.counted < lease.until) lease.counted += 1
    return { total: lease.counted, leftMs: Math.ceil(lease.endsAt - performance.now()) }
  }

  function countAlone(key: string, known: Lease | undefined, windowMs: number): Count {
    const lease = known ?? remember(key, { endsAt: endOf(windowMs) })
    lease.until += 1
    lease.unreported += 1
    return take(lease)
  }

  async function extend(key: string, known: Lease | undefined, windowMs: number, max: number) {
    const unreported = known?.unreported ?? 0
    const amount = Math.ceil(max / 100)
    try {
      const { total, leftMs } = await tally.add(key, amount + unreported, windowMs)
      remember(key, { endsAt: endOf(leftMs), counted: total - amount, until: total })
    } catch {
      lose()
    } finally {
      asking.delete(key)
    }
  }

  function remember(key: string, members: Partial<Lease> & { endsAt: number }): Lease {
    const lease = { counted: 0, until: 0, unreported: 0, ...members }
    leases.delete(key)
    leases.set(key, lease)
    const [oldest] = leases.keys()
    if (leases.size > mostKeys && oldest !== undefined) leases.delete(oldest)
    return lease
  }

  function lose() {
    if (!isShared) return
    isShared = false
    onChange(false)
    lookAgain()
  }

  function lookAgain() {
    setTimeout(() => {
      tally.check().then(() => {
        isShared = true
        onChange(true)
      }, lookAgain)
    }, retryMs).unref()
  }
}

/** In whole milliseconds, or a window might seem to last longer than it does. */
function endOf(windowMs: number): number {
  return Math.trunc(performance.now()) + windowMs
}
