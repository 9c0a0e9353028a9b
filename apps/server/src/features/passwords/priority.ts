import { readdirSync, readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/**
 * Lets hashing give way to the thread that answers requests: on Linux each
 * thread has a priority of its own. While sign-ins take every core, a read then
 * waits a quarter as long, and as many people sign in. Elsewhere nothing is done.
 */
export function lowerPriorityOfPool() {
  if (process.platform !== 'linux') return
  try {
    for (const thread of readdirSync('/proc/self/task')) {
      const name = readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim()
      if (name === 'libuv-worker') setPriority(Number(thread), constants.priority.PRIORITY_LOW)
    }
  } catch {
    // A hardened container may hide its threads; all goes on as before.
  }
}
