import { readResidentBytes } from '../cpu.ts'
import type { Workspace } from '../processes.ts'
import { median } from '../statistics.ts'
import { createVictim } from '../victim.ts'

/** What a server costs before anybody calls. */
export interface Starts {
  /** From the spawn of the process to its first answer that it is ready; the median. */
  readonly startMs: number
  readonly startsMs: readonly number[]
  /** The memory of the process when it has come to rest, where the system tells. */
  readonly idleBytes: number | undefined
}

const starts = 7

/** What goes on after the first answer is over by then. */
const restMs = 2_000

export async function measureStarts(workspace: Workspace): Promise<Starts> {
  const victim = await createVictim(workspace)
  const startsMs: number[] = []
  try {
    for (let count = 0; count < starts; count += 1) {
      await victim.end('SIGTERM')
      startsMs.push(await victim.start())
    }
    await new Promise((resolve) => setTimeout(resolve, restMs))
    const idleBytes = readResidentBytes(victim.pid)
    return { startMs: median(startsMs), startsMs, idleBytes }
  } finally {
    await victim.end('SIGTERM')
  }
}
