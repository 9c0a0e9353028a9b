import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { Command } from 'commander'
import type { TestServer } from '../testing/test-server.ts'
import type { Configure } from './workspace.ts'

export function registerTestServerCommand(program: Command, configure: Configure) {
  program
    .command('test-server')
    .description('serve made-up accounts to tests, until standard input ends')
    .option('--json', 'print one line of JSON')
    .action(async (options: { json?: boolean }) => {
      const { startTestServer } = await import('../testing/test-server.ts')
      const stopped = untilStopped()
      try {
        const server = await startTestServer(await configure())
        process.stderr.write(warning)
        const text = options.json ? JSON.stringify(describe(server)) : inWords(server)
        process.stdout.write(`${text}\n`)
        await stopped
        await server.close()
      } finally {
        // It would keep the process alive.
        process.stdin.destroy()
      }
    })
}

const warning =
  'rollcall: THIS IS A TEST SERVER, never to be used for anything real: hashes are weak, limits are off, and everything is gone when it ends.\n'

function untilStopped(): Promise<unknown> {
  process.stdin.resume()
  return Promise.race([
    finished(process.stdin, { writable: false }).catch(() => {}),
    ...['SIGTERM', 'SIGINT', 'SIGHUP'].map((signal) => once(process, signal)),
  ])
}

function describe({ url, controlUrl, controlToken, users }: TestServer) {
  return { url, control_url: controlUrl, control_token: controlToken, users }
}

function inWords({ url, controlUrl, controlToken, users }: TestServer): string {
  return [
    `Serves ${url}`,
    `Control it at ${controlUrl} with the token ${controlToken}`,
    ...users.map(({ username, password }) => `  ${username}  ${password}`),
  ].join('\n')
}
