import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const windows = process.platform === 'win32'
const nodeFolder = join(root, 'node_modules/node/bin')

/** The Node of the repository, whatever the system's is. */
export const pinnedNode = join(nodeFolder, windows ? 'node.exe' : 'node')

/** Starts a program on the pinned Node, which its own children then find first too. */
export function startNode(args, options = {}) {
  const PATH = [nodeFolder, join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  return start(pinnedNode, args, { ...options, env: { ...process.env, PATH, ...options.env } })
}

/** Starts a program that is sent the signals that this process is sent. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    const forward = forwarder(child, signal)
    process.on(signal, forward)
    child.once('close', () => process.off(signal, forward))
  }
  return child
}

/** A signal to a whole process group arrives here twice, since npm forwards it too: one counts. */
function forwarder(child, signal) {
  let forwardedAt = 0
  return () => {
    if (Date.now() - forwardedAt < 1000) return
    forwardedAt = Date.now()
    child.kill(signal)
  }
}

/** Waits for the end of a program: its exit code, or the shell's code for a signal. */
export async function exitCode(child) {
  const [code, signal] = await once(child, 'close')
  return code ?? 128 + constants.signals[signal]
}

/** Waits for the end of a program that was started with pipes, with all that it said. */
export async function outcome(child) {
  const [code, out, err] = await Promise.all([
    exitCode(child),
    text(child.stdout),
    text(child.stderr),
  ])
  return { code, output: out + err }
}
