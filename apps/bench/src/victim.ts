import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { atExit } from './at-exit.ts'
import { findFreePort, spawnServer, type Workspace } from './processes.ts'

/** How a process ended. */
export interface Ending {
  readonly code: number | null
  readonly afterMs: number
}

/** A server that faults happen to: it may end, and starts again at the same address. */
export interface Victim {
  readonly url: string
  readonly pid: number
  /** What it has said on stderr since it was last started. */
  readonly said: string
  /** Starts it; answers after how many milliseconds it was ready. */
  start(): Promise<number>
  /** Ends it by a signal, which `kill -9` is by default. */
  end(signal?: NodeJS.Signals): Promise<Ending>
}

/** Longer than any start that succeeds. */
const startLimitMs = 30_000

/** A server on a port of its own, not started yet. */
export async function createVictim(workspace: Workspace): Promise<Victim> {
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  let forget = () => {}
  let said = ''

  return {
    url,

    get pid() {
      return child?.pid ?? 0
    },

    get said() {
      return said
    },

    async start() {
      const startedAt = performance.now()
      said = ''
      const started = spawnServer(workspace, port, ['ignore', 'ignore', 'pipe'])
      child = started
      forget = atExit(() => started.kill('SIGKILL'))
      started.stderr?.on('data', (chunk) => {
        said += chunk
      })
      while (started.exitCode === null && started.signalCode === null) {
        if (await isReady(url)) return performance.now() - startedAt
        if (performance.now() - startedAt > startLimitMs) started.kill('SIGKILL')
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      throw new Error(`The server ended before it was ready: ${said}`)
    },

    async end(signal = 'SIGKILL') {
      const startedAt = performance.now()
      if (child && child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit')
        child.kill(signal)
        await exited
      }
      forget()
      return { code: child?.exitCode ?? null, afterMs: performance.now() - startedAt }
    },
  }
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  )
}
