import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const lockFile = fileURLToPath(new URL('install.lock', import.meta.url))
const lifetimeMs = 600_000

/** Does work while no other process of this checkout does any under the lock. */
export async function alone(work) {
  await lock()
  process.once('exit', unlock)
  try {
    await work()
  } finally {
    process.off('exit', unlock)
    unlock()
  }
}

async function lock() {
  while (true) {
    try {
      return writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (isAbandoned()) unlock()
      else await sleep(100)
    }
  }
}

function unlock() {
  rmSync(lockFile, { force: true })
}

/** Whether the holder has died, or is so old that its process id may be another's by now. */
function isAbandoned() {
  try {
    if (Date.now() - statSync(lockFile).mtimeMs > lifetimeMs) return true
    return !isRunning(Number(readFileSync(lockFile, 'utf8')))
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code !== 'ESRCH'
  }
}
