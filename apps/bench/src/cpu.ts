import { readFileSync } from 'node:fs'

/**
 * How long the event loop of a process has been at work, in microseconds.
 * Other programs on the machine change it less than they change what a clock
 * on the wall shows. Only Linux tells; elsewhere it is `undefined`.
 */
export function readCpuMicroseconds(pid: number): number | undefined {
  try {
    const [nanoseconds] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')
    return Number(nanoseconds) / 1_000
  } catch {
    return undefined
  }
}
