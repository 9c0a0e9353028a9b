import { readFileSync } from 'node:fs'
import { type Conditions, type Fault, hashesFirst, inSeconds, type Row, rowsOf } from './fault.ts'
import { withRows } from './rows.ts'
import { ledgerRows, type Scene, sleep, until, withScene } from './scene.ts'
import { createWorkspace } from './workspaces.ts'

/** The most connections that one server opens. */
const poolSize = 10

export const postgresRestart: Fault = {
  id: 'F6',
  name: 'PostgreSQL crashes, or hangs',
  async run(conditions) {
    const workspace = await createWorkspace(conditions, 'PostgreSQL')
    const crashed = await withScene(workspace, (scene) => crash(conditions, scene))
    const hung = await withScene(await createWorkspace(conditions, 'PostgreSQL'), hang)
    return [...crashed, ...hung]
  },
}

async function crash(conditions: Conditions, scene: Scene): Promise<Row[]> {
  const { workspace, caller, ledger, traffic, prove } = scene
  const cluster = await conditions.cluster()
  const crashes = 20
  const backMs: number[] = []
  traffic.start([caller])
  for (let count = 0; count < crashes; count += 1) {
    await sleep(conditions.isLong ? 5_000 : 700)
    await cluster.stop('immediate')
    await cluster.start()
    const startedAt = performance.now()
    const before = ledger.acknowledged
    await until(() => ledger.acknowledged > before, 10_000)
    backMs.push(performance.now() - startedAt)
  }
  await traffic.stop()
  const connections = await countConnections(workspace.databaseUrl)
  const row = rowsOf('F6', 'PostgreSQL crashed')
  const slowestMs = Math.max(...backMs)
  return [
    ...ledgerRows(row, ledger, await prove(), ` over ${crashes} crashes`),
    row('writes again', 'within 3 s', `${inSeconds(slowestMs)} at most`, slowestMs < 3_000),
    row('connections', `${poolSize} at most`, `${connections}`, connections <= poolSize),
  ]
}

const hungSeconds = 10

/** Stops every process that serves a connection, as a stalled disk or machine would. */
async function hang({ workspace, caller, ledger, traffic, prove }: Scene): Promise<Row[]> {
  traffic.start([caller])
  await until(() => ledger.acknowledged > 100, 20_000)
  const pids = await findBackends(workspace.databaseUrl)
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  await sleep(hungSeconds * 1_000)
  for (const pid of pids) process.kill(pid, 'SIGCONT')
  const before = ledger.acknowledged
  const startedAt = performance.now()
  await until(() => ledger.acknowledged > before + 5, 10_000)
  const backMs = performance.now() - startedAt
  await traffic.stop()
  const connections = await countConnections(workspace.databaseUrl)
  const row = rowsOf('F6', `PostgreSQL hung for ${hungSeconds} s`)
  const { slowestMs } = ledger
  return [
    ...ledgerRows(row, ledger, await prove()),
    row('the slowest write', 'within 6 s', inSeconds(slowestMs), slowestMs < 6_000, hashesFirst),
    row('writes again', 'within 3 s', inSeconds(backMs), backMs < 3_000),
    row('connections', `${poolSize} at most`, `${connections}`, connections <= poolSize),
  ]
}

const ofServer = "datname = current_database() AND application_name LIKE 'rollcall %'"

function countConnections(databaseUrl: string): Promise<number> {
  return withRows(databaseUrl, async (rows) => {
    const found = await rows.read<{ n: string }>(
      `SELECT count(*) AS n FROM pg_stat_activity WHERE ${ofServer}`,
    )
    return Number(found[0]?.n)
  })
}

async function findBackends(databaseUrl: string): Promise<number[]> {
  const found = await withRows(databaseUrl, (rows) =>
    rows.read<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE ${ofServer}`),
  )
  const pids = found.map(({ pid }) => pid)
  // Never another process that has got the number meanwhile.
  return pids.filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres')
}
