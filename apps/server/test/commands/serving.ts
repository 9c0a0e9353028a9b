import { once } from 'node:events'
import type { Rollcall, RunOptions } from './rollcall.ts'

/** A real server, once it has said where it serves. */
export async function startServing({ start }: Rollcall, env: RunOptions['env'] = {}) {
  const child = start(['serve'], { env: { ROLLCALL_PORT: '0', ...env } })
  const said = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk) => {
    said.stdout += chunk
  })
  const announced = new Promise<string>((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      said.stderr += chunk
      const url = said.stderr.match(/^\nRollcall serves (\S+)\n.*\n\n$/s)?.[1]
      if (url) resolve(url)
    })
    child.once('close', () => reject(new Error(`It ended: ${said.stderr}`)))
  })
  return {
    url: await announced,
    said,
    /** Ends it; answers its exit code. */
    async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
      child.kill(signal)
      if (child.exitCode === null) await once(child, 'close')
      return child.exitCode
    },
  }
}
