import { join } from 'node:path'
import { createCaller } from '../caller.ts'
import { createPostgresDatabase } from '../database.ts'
import { runCommand, type Workspace } from '../processes.ts'
import { measurePaced } from '../speed/paced.ts'
import { startCluster } from './cluster.ts'
import { type Conditions, type Fault, inSeconds, type Row, rowsOf } from './fault.ts'
import { ledgerRows, prepareRead, type Scene, until, withScene } from './scene.ts'
import { compileShim } from './shim.ts'
import { createWorkspace, ledgerSettings, type Place, secret } from './workspaces.ts'

const syncMs = 200

/** More than are written while the slowest may wait. */
const burst = 1_000

export const slowDisk: Fault = {
  id: 'F18',
  name: 'the disk is slow',
  async run(conditions) {
    const preload = {
      LD_PRELOAD: compileShim('disk', conditions.folder),
      ROLLCALL_TEST_SYNC_MS: String(syncMs),
    }
    const onSqlite = await createWorkspace(conditions, 'SQLite')
    const slowed = { ...onSqlite, settings: { ...onSqlite.settings, ...preload } }
    return [
      ...(await withScene(slowed, (scene) => readMeanwhile(scene, 'SQLite'))),
      ...(await onSlowCluster(conditions, preload)),
    ]
  },
}

/** There it is not the server of Rollcall that waits for the disk. */
async function onSlowCluster(
  { folder }: Conditions,
  preload: Readonly<Record<string, string>>,
): Promise<Row[]> {
  const cluster = await startCluster(join(folder, 'slow-postgres'))
  try {
    const { url: databaseUrl } = await createPostgresDatabase(cluster.url)
    const workspace: Workspace = { databaseUrl, secret, settings: ledgerSettings }
    await runCommand(workspace, ['migrate'])
    await cluster.stop('fast')
    await cluster.start(preload)
    return await withScene(workspace, (scene) => readMeanwhile(scene, 'PostgreSQL'))
  } finally {
    await cluster.stop('immediate')
  }
}

async function readMeanwhile(scene: Scene, place: Place): Promise<Row[]> {
  const { caller, ledger, traffic, prove } = scene
  const read = await prepareRead(scene)
  traffic.start([caller])
  await until(() => ledger.acknowledged > 30, 30_000)
  const reads = await measurePaced([read], 100, 5)
  await traffic.stop()
  const proof = await prove({ sample: 10 })
  const flood = await floodWrites(scene)

  const row = rowsOf('F18', `${place}, ${syncMs} ms a sync`)
  return [
    ...ledgerRows(row, ledger, proof),
    row(
      'reads meanwhile',
      'p99 under 50 ms',
      `${reads.p99Ms.toFixed(0)} ms, ${reads.failed} failed`,
      reads.p99Ms < 50 && reads.failed === 0,
    ),
    row(
      `${burst} writes at a time`,
      'each done or refused',
      `${flood.done} done, ${flood.refused} refused, ${flood.others} others; ${inSeconds(flood.slowestMs)} at most`,
      flood.others === 0,
    ),
  ]
}

/** Changes of one account, each of which is written. */
async function floodWrites({ caller, ledger, victim }: Scene) {
  const session = await ledger.signIn(caller, await ledger.register(caller))
  const flooding = createCaller(victim.url, { connections: burst })
  const calls = Array.from({ length: burst }, (_call, number) =>
    flooding.call({
      method: 'PATCH',
      path: '/api/users/me/',
      token: session?.access,
      body: { address: `${number} Station Street` },
    }),
  )
  const answers = await Promise.all(calls)
  flooding.close()
  const count = (...statuses: number[]) =>
    answers.filter(({ status }) => statuses.includes(status)).length
  const [done, refused] = [count(200), count(503)]
  const slowestMs = Math.max(...answers.map(({ durationMs }) => durationMs))
  return { done, refused, others: burst - done - refused, slowestMs }
}
