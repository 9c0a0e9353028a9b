import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { cli } from '../support/cli.ts'
import { temporaryFolder } from '../support/databases.ts'

export interface RunOptions {
  /** `ROLLCALL_` variables; those of the machine are left out. */
  readonly env?: Record<string, string>
  /** What is typed into standard input, which is no terminal. */
  readonly input?: string
  /** Standard input does not end by itself. */
  readonly isInputOpen?: boolean
  /** Another command line than that of all tests. */
  readonly cli?: string
  /** Another Node, or options of it. */
  readonly node?: readonly string[]
}

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export type Rollcall = ReturnType<typeof createRollcall>

/** The real command line, in a folder of the test's own. */
export function createRollcall(t: Test, variables: Record<string, string> = {}) {
  const folder = temporaryFolder(t)

  function start(args: readonly string[], options: RunOptions = {}): ChildProcess {
    const [node = process.execPath, ...nodeOptions] = options.node ?? []
    const child = spawn(node, [...nodeOptions, options.cli ?? cli, ...args], {
      cwd: folder,
      env: { ...ownEnvironment(), ...variables, ...options.env },
    })
    t.teardown(() => child.kill('SIGKILL'))
    if (!options.isInputOpen) child.stdin.end(options.input ?? '')
    return child
  }

  async function run(args: readonly string[], options?: RunOptions): Promise<Outcome> {
    const child = start(args, options)
    if (!child.stdout || !child.stderr) throw new Error('The process was started without pipes')
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ])
    return { code: child.exitCode, stdout, stderr }
  }

  return { folder, start, run }
}

function ownEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(ROLLCALL_|NODE_OPTIONS$|TAP)/.test(name)),
  )
}
