import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** As it is built, where the launcher says so. */
const cli =
  process.env.ROLLCALL_TEST_CLI ??
  fileURLToPath(new URL('../../server/src/cli.mjs', import.meta.url))

/** A process that is measured. */
export interface RunningProcess {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

/** What is to be served, and by which secret. */
export interface Workspace {
  readonly databaseUrl: string
  readonly secret: string
  /** Settings besides those of every benchmark. */
  readonly settings?: Readonly<Record<string, string>>
  /** Options of Node, such as a module that is loaded first. */
  readonly node?: readonly string[]
  /** Another user of the machine than this one. */
  readonly uid?: number
}

/** Starts the real server, as `rollcall serve` does, on a free port of loopback. */
export async function startServer(workspace: Workspace): Promise<RunningProcess> {
  const port = await findFreePort()
  const child = spawnServer(workspace, port, ['ignore', 'inherit', 'ignore'])
  const url = `http://127.0.0.1:${port}`
  await untilReady(child, `${url}/readyz`)
  return { url, pid: child.pid ?? 0, stop: () => stop(child) }
}

/** The same, without waiting for it. */
export function spawnServer(workspace: Workspace, port: number, stdio: StdioOptions): ChildProcess {
  return spawn(process.execPath, [...(workspace.node ?? []), cli, 'serve'], {
    env: { ...environmentOf(workspace), ROLLCALL_PORT: String(port) },
    stdio,
    ...asUser(workspace),
  })
}

/** Runs one `rollcall` command and answers what it printed. */
export async function runCommand(
  workspace: Workspace,
  args: readonly string[],
  input = '',
): Promise<string> {
  const { code, output, said } = await tryCommand(workspace, args, input)
  if (code !== 0) throw new Error(`rollcall ${args.join(' ')} ended with ${code}: ${said}`)
  return output
}

/** How a command has ended; without a code it was killed. */
export interface Outcome {
  readonly code: number | null
  readonly output: string
  /** On stderr. */
  readonly said: string
}

/** The same, for a command that may fail. */
export async function tryCommand(
  workspace: Workspace,
  args: readonly string[],
  input = '',
  limitMs = 0,
): Promise<Outcome> {
  const child = spawn(process.execPath, [...(workspace.node ?? []), cli, ...args], {
    env: environmentOf(workspace),
    timeout: limitMs,
    ...asUser(workspace),
  })
  child.stdin.end(input)
  const [output, said] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code: child.exitCode, output, said }
}

function asUser({ uid }: Workspace) {
  return uid === undefined ? {} : { uid, gid: uid }
}

function environmentOf({ databaseUrl, secret, settings }: Workspace): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    ROLLCALL_DATABASE_URL: databaseUrl,
    ROLLCALL_SECRET: secret,
    ROLLCALL_LIMITS: 'off',
    // Longer than any benchmark takes.
    ROLLCALL_ACCESS_TOKEN_SECONDS: '3600',
    ROLLCALL_LOG_LEVEL: 'error',
    // People sign in more often than in life; nobody's session gives way meanwhile.
    ROLLCALL_SESSIONS_PER_USER: '1000',
    ...settings,
  }
}

/** Waits until the URL answers 200, or the process is gone. */
export async function untilReady(child: ChildProcess, url: string): Promise<void> {
  while (child.exitCode === null) {
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`The process ended with ${child.exitCode} before ${url} answered`)
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('There is no free port')
  return address.port
}
