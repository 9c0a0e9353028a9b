import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const windows = process.platform === 'win32'
const nodeFolder = join(root, 'node_modules/node/bin')
let signalled = false

/** The Node of the repository, whatever the system's is. */
export const pinnedNode = join(nodeFolder, windows ? 'node.exe' : 'node')

/** For a program whose output is read here. */
export const piped = ['ignore', 'pipe', 'pipe']

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
    signalled = true
    if (Date.now() - forwardedAt < 1000) return
    forwardedAt = Date.now()
    child.kill(signal)
  }
}

/** Whether this process was told to stop while a program ran; nothing more is to be started then. */
export function wasSignalled() {
  return signalled
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

/** Waits for a program that was started with pipes; when it fails, shows why and ends with it. */
export async function mustSucceed(child, failure) {
  const { code, output } = await outcome(child)
  if (code === 0) return
  console.error(`${output}\n${failure}`)
  process.exit(code)
}
