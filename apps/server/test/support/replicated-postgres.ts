import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chmodSync, chownSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Test } from 'tap'
import { temporaryFolder } from './databases.ts'

/** What a test may lose without waiting for the disk. */
const settings = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
shared_buffers = 16MB
max_connections = 40
`

/** A PostgreSQL of the test's own, and a streaming replica of it. */
export async function startReplicatedPostgres(t: Test, programs: string) {
  const folder = temporaryFolder(t)
  const owner = findOwner()
  if (owner) {
    chmodSync(folder, 0o755)
    chownSync(folder, owner.uid, owner.gid)
  }
  const run = (program: string, args: readonly string[]) =>
    promisify(execFile)(join(programs, program), [...args], { cwd: folder, ...owner })

  const primary = join(folder, 'primary')
  const replica = join(folder, 'replica')
  const options = [
    '-U',
    'postgres',
    '-A',
    'trust',
    '--no-sync',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
  ]
  await run('initdb', ['-D', primary, ...options])
  appendFileSync(join(primary, 'postgresql.conf'), settings)
  const ports = [await findFreePort(), await findFreePort()] as const

  async function start(data: string, port: number) {
    const child = spawn(join(programs, 'postgres'), ['-D', data, '-p', String(port)], {
      cwd: folder,
      stdio: 'ignore',
      ...owner,
    })
    const ended = once(child, 'exit')
    const signal = (name: NodeJS.Signals) => {
      for (const pid of [...childrenOf(child.pid), Number(child.pid)]) send(pid, name)
    }
    t.teardown(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      signal('SIGKILL')
      await ended
    })
    await untilAnswering(urlOf(port))
    return { signal, ended }
  }

  const primaryProcess = await start(primary, ports[0])
  const source = ['-h', '127.0.0.1', '-p', String(ports[0]), '-U', 'postgres']
  await run('pg_basebackup', ['-D', replica, '-R', '-X', 'stream', '-c', 'fast', '-N', ...source])
  const startReplica = () => start(replica, ports[1])
  return {
    url: urlOf(ports[0]),
    replicaUrl: urlOf(ports[1]),
    primary: primaryProcess,
    replica: await startReplica(),
    startReplica,
  }
}

/** Those that serve a connection come and go. */
function send(pid: number, name: NodeJS.Signals) {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Each has a session, and so a group, of its own. */
function childrenOf(pid: number | undefined): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return children.split(' ').filter(Boolean).map(Number)
}

const urlOf = (port: number) => `postgres://postgres@127.0.0.1:${port}/postgres`

/** PostgreSQL refuses to run as root. */
function findOwner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const entry = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  return entry ? { uid: Number(entry[1]), gid: Number(entry[2]) } : undefined
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

async function untilAnswering(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 50))
    return untilAnswering(connectionString)
  }
}
