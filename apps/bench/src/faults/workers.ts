import { readdirSync, readFileSync } from 'node:fs'
import { type Fault, inSeconds, type Row, rowsOf } from './fault.ts'
import { ledgerRows, type Scene, sleep, until, withScene } from './scene.ts'
import { createWorkspace, type Place, places } from './workspaces.ts'

const workers = 2
const crashes = 5

export const crashedWorkers: Fault = {
  id: 'F9',
  name: 'a process crashes, and is replaced',
  async run(conditions) {
    const rows: Row[] = []
    for (const place of places) {
      const settings = { ROLLCALL_WORKERS: String(workers) }
      const workspace = await createWorkspace(conditions, place, settings)
      rows.push(...(await withScene(workspace, (scene) => crash(scene, place))))
    }
    return rows
  },
}

/** One by one, as a fault in native code or the lack of memory would end them. */
async function crash(scene: Scene, place: Place): Promise<Row[]> {
  const { victim, caller, ledger, traffic, prove } = scene
  const replacedMs: number[] = []
  traffic.start([caller])
  for (let count = 0; count < crashes; count += 1) {
    await sleep(500)
    await until(() => childrenOf(victim.pid).length === workers, 30_000)
    const before = childrenOf(victim.pid)
    const [unlucky] = before
    if (unlucky === undefined) throw new Error(`There are no workers: ${victim.said}`)
    process.kill(unlucky, count % 2 === 0 ? 'SIGABRT' : 'SIGKILL')
    const crashedAt = performance.now()
    await until(() => childrenOf(victim.pid).some((pid) => !before.includes(pid)), 10_000)
    const acknowledged = ledger.acknowledged
    await until(() => ledger.acknowledged > acknowledged, 10_000)
    replacedMs.push(performance.now() - crashedAt)
  }
  await traffic.stop()
  const row = rowsOf('F9', `${workers} processes on ${place}`)
  const slowestMs = Math.max(...replacedMs)
  return [
    ...ledgerRows(row, ledger, await prove(), ` over ${crashes} crashes`),
    row('replaced', 'within 2 s', `${inSeconds(slowestMs)} at most`, slowestMs < 2_000),
  ]
}

function childrenOf(pid: number): number[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return processes.map(Number).filter((each) => parentOf(each) === pid)
}

/** Nothing when it has ended meanwhile. */
function parentOf(pid: number): number | undefined {
  try {
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?!.*\) )/)
    return Number(fields.split(' ')[1])
  } catch {
    return undefined
  }
}
