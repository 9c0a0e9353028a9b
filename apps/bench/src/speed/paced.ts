import { Agent, get } from 'node:http'
import { type Figures, toFigures } from './load.ts'

/** One read, of a URL with its headers. */
export interface Read {
  readonly url: string
  readonly headers: Record<string, string>
}

const tickMs = 5

/**
 * Reads at a steady pace, whether or not the ones before were answered, as
 * people do who do not fill the server by themselves.
 */
export async function measurePaced(
  reads: readonly Read[],
  perSecond: number,
  seconds: number,
): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const durations: number[] = []
  const pending: Promise<void>[] = []
  let failed = 0
  const startedAt = performance.now()

  function sendDue() {
    const due = Math.min(seconds * perSecond, ((performance.now() - startedAt) * perSecond) / 1_000)
    while (pending.length < due) {
      const read = reads[pending.length % reads.length]
      if (!read) return
      pending.push(time(read))
    }
  }

  async function time(read: Read) {
    const sentAt = performance.now()
    if ((await statusOf(read, agent)) === 200) durations.push(performance.now() - sentAt)
    else failed += 1
  }

  const timer = setInterval(sendDue, tickMs)
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
  clearInterval(timer)
  await Promise.all(pending)
  agent.destroy()
  return toFigures(durations, performance.now() - startedAt, failed)
}

/** The status of the answer, once all of it is there; 0 when there is none. */
function statusOf({ url, headers }: Read, agent: Agent): Promise<number> {
  return new Promise((resolve) => {
    const request = get(url, { headers, agent }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
    request.once('error', () => resolve(0))
  })
}
