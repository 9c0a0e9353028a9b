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

/** In hundredths of a second, on every Linux there is. */
const ticksPerSecond = 100

/** How long all threads of a process have been at work: those that hash, too. */
export function readProcessCpuMicroseconds(pid: number): number | undefined {
  try {
    // The name of the program may hold spaces; it ends with the last parenthesis.
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?!.*\) )/)
    const [user, system] = fields.split(' ').slice(11, 13).map(Number)
    return (((user ?? 0) + (system ?? 0)) * 1_000_000) / ticksPerSecond
  } catch {
    return undefined
  }
}

/** The same of a process and of those that it has started. */
export function readGroupCpuMicroseconds(pid: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
    const pids = [pid, ...children.filter(Boolean).map(Number)]
    return pids.reduce((total, each) => total + (readProcessCpuMicroseconds(each) ?? 0), 0)
  } catch {
    return undefined
  }
}

/** The memory that a process holds at this moment, in bytes. */
export function readResidentBytes(pid: number): number | undefined {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024
  } catch {
    return undefined
  }
}
