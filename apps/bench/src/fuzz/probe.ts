import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { until } from '../faults/scene.ts'

const shim = fileURLToPath(new URL('../faults/shims/heap-probe.ts', import.meta.url))

/** Options of Node under which `readHeap` works. */
export const probeOptions = ['--expose-gc', '--import', shim]

/** What of the heap a process still holds after a collection of garbage, in bytes. */
export async function readHeap(pid: number, file: string): Promise<number> {
  rmSync(file, { force: true })
  process.kill(pid, 'SIGUSR2')
  const read = () => {
    try {
      return Number(readFileSync(file, 'utf8'))
    } catch {
      return 0
    }
  }
  if (!(await until(() => read() > 0, 10_000))) throw new Error('The heap cannot be read')
  return read()
}
