import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { atExit } from '../at-exit.ts'
import { findFreePort } from '../processes.ts'
import { NotHereError } from './fault.ts'

/** A PostgreSQL of the harness's own: nobody else minds what happens to it. */
export interface Cluster {
  /** Of its administrator. */
  readonly url: string
  start(environment?: Readonly<Record<string, string>>): Promise<void>
  /** `immediate` is what a crash of the machine does to it. */
  stop(mode: 'fast' | 'immediate'): Promise<void>
}

const programsOf = '/usr/lib/postgresql'

/** Makes one in the folder, and starts it. As root it runs as the user `postgres`. */
export async function startCluster(folder: string): Promise<Cluster> {
  const programs = findPrograms()
  const owner = process.getuid?.() === 0 ? findPostgresUser() : undefined
  const data = join(folder, 'data')
  const log = join(folder, 'log')
  mkdirSync(folder)
  chmodSync(folder, 0o755)
  if (owner) chownSync(folder, owner.uid, owner.gid)
  const port = await findFreePort()
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=100`

  async function run(program: string, args: readonly string[], environment = {}) {
    // What `pg_ctl` starts writes to the log, and would hold a pipe for output open.
    const child = spawn(join(programs, program), args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH, ...environment },
      ...owner,
    })
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${said}`)
  }

  await run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'])
  const stop = (mode: string) => ['-D', data, '-m', mode, '-w', '-s', 'stop']
  atExit(() => {
    if (!existsSync(join(data, 'postmaster.pid'))) return
    spawnSync(join(programs, 'pg_ctl'), stop('immediate'), { stdio: 'ignore', ...owner })
  })
  const cluster: Cluster = {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    start: (environment) =>
      run('pg_ctl', ['-D', data, '-l', log, '-w', '-s', '-o', options, 'start'], environment),
    async stop(mode) {
      if (!existsSync(join(data, 'postmaster.pid'))) return
      await run('pg_ctl', stop(mode))
    },
  }
  await cluster.start()
  return cluster
}

/** The folder of `initdb` and `pg_ctl`, of the newest version that is installed. */
function findPrograms(): string {
  const versions = existsSync(programsOf) ? readdirSync(programsOf) : []
  const newest = versions.toSorted((left, right) => Number(right) - Number(left))[0]
  if (newest === undefined) throw new NotHereError('PostgreSQL is not installed here')
  return join(programsOf, newest, 'bin')
}

/** PostgreSQL refuses to run as root. */
function findPostgresUser(): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'))
  const [, , uid, gid] = line?.split(':') ?? []
  if (!uid || !gid) throw new NotHereError('there is no user `postgres` here to run PostgreSQL as')
  return { uid: Number(uid), gid: Number(gid) }
}
