import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { atExit } from '../at-exit.ts'
import type { Caller } from '../caller.ts'
import { findFreePort } from '../processes.ts'
import { percentile } from '../statistics.ts'
import { type Conditions, type Fault, NotHereError, type Row, rowsOf } from './fault.ts'
import { type Scene, sleep, withScene } from './scene.ts'
import { createFolder, createWorkspace } from './workspaces.ts'

/** How often an address may set a password by a link in a minute. */
const limit = 60

const signIns = 40

export const redisGone: Fault = {
  id: 'F7',
  name: 'Redis hangs, and is gone',
  async run(conditions) {
    const redis = await startRedis(conditions)
    try {
      const workspace = await createWorkspace(conditions, 'SQLite', {
        ROLLCALL_LIMITS: 'on',
        ROLLCALL_REDIS_URL: redis.url,
      })
      return await withScene(workspace, (scene) => loseRedis(scene, redis.child))
    } finally {
      redis.end()
    }
  },
}

async function startRedis(conditions: Conditions) {
  if (spawnSync('redis-server', ['--version']).error) {
    throw new NotHereError('redis-server is not installed here')
  }
  const port = await findFreePort()
  const folder = createFolder(conditions)
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder]
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  await sleep(300)
  return { child, end: atExit(() => child.kill('SIGKILL')), url: `redis://127.0.0.1:${port}` }
}

async function loseRedis({ caller, ledger }: Scene, redis: ChildProcess): Promise<Row[]> {
  const person = await ledger.register(caller)
  const body = { username: person.username, password: person.password }
  const there = await measureSignIns(caller, body)
  redis.kill('SIGSTOP')
  const hung = await measureSignIns(caller, body)
  const allowed = await countAllowed(caller)
  const session = await ledger.signIn(caller, person)
  redis.kill('SIGKILL')
  await once(redis, 'exit')
  const gone = await measureSignIns(caller, body)
  if (session) await ledger.signOut(caller, session)
  const token = session?.access
  const revoked = (await caller.call({ method: 'GET', path: '/api/users/me/', token })).status
  return [
    ...[hung, gone].map((figures, index) =>
      rowsOf('F7', index === 0 ? 'Redis hangs' : 'Redis is gone')(
        'sign-ins',
        'all, p99 50 ms more at most',
        `${figures.done} of ${signIns}, ${figures.p99Ms.toFixed(0)} ms instead of ${there.p99Ms.toFixed(0)} ms`,
        figures.done === signIns && figures.p99Ms - there.p99Ms < 50,
      ),
    ),
    rowsOf('F7', 'Redis hangs')(
      'calls let through by a limit',
      `${limit} at most`,
      `${allowed}`,
      allowed > 0 && allowed <= limit,
    ),
    rowsOf('F7', 'Redis is gone')(
      'a session that was signed out',
      'refused',
      `${revoked}`,
      revoked === 401,
    ),
  ]
}

async function measureSignIns(caller: Caller, body: object) {
  const durations: number[] = []
  let done = 0
  for (let count = 0; count < signIns; count += 1) {
    const answer = await caller.call({ method: 'POST', path: '/api/token/', body })
    if (answer.status === 200) done += 1
    durations.push(answer.durationMs)
  }
  const sorted = durations.toSorted((left, right) => left - right)
  return { done, p99Ms: percentile(sorted, 0.99) }
}

async function countAllowed(caller: Caller): Promise<number> {
  const call = { method: 'POST', path: '/api/password/set/', body: {} }
  for (let count = 0; count < 2 * limit; count += 1) {
    if ((await caller.call(call)).status === 429) return count
  }
  return 2 * limit
}
