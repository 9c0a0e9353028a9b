import { type Fault, inSeconds, type Row, rowsOf } from './fault.ts'
import { ledgerRows, type Scene, sleep, until, withScene } from './scene.ts'
import { createWorkspace, type Place, places } from './workspaces.ts'

export const stopped: Fault = {
  id: 'F8',
  name: 'SIGTERM under load',
  async run(conditions) {
    const rows: Row[] = []
    for (const place of places) {
      const workspace = await createWorkspace(conditions, place)
      rows.push(...(await withScene(workspace, (scene) => stopUnderLoad(scene, place))))
    }
    return rows
  },
}

/** What the server has taken up it answers, and what it has not answered it has not done. */
export async function stopUnderLoad(scene: Scene, place: Place, stops = 5): Promise<Row[]> {
  const { victim, caller, ledger, traffic, prove } = scene
  const codes: (number | null)[] = []
  const durationsMs: number[] = []
  for (let count = 0; count < stops; count += 1) {
    const before = ledger.acknowledged
    traffic.start([caller])
    await until(() => ledger.acknowledged > before + 100, 10_000)
    await sleep(count * 37)
    const { code, afterMs } = await victim.end('SIGTERM')
    await traffic.stop()
    codes.push(code)
    durationsMs.push(afterMs)
    await victim.start()
  }
  const row = rowsOf('F8', place)
  const slowestMs = Math.max(...durationsMs)
  return [
    ...ledgerRows(row, ledger, await prove({ isUnansweredUndone: true }), ` over ${stops} stops`),
    row(
      'exit code',
      '0',
      codes.join(', '),
      codes.every((code) => code === 0),
    ),
    row('ended', 'within 10 s', `${inSeconds(slowestMs)} at most`, slowestMs < 10_000),
  ]
}
