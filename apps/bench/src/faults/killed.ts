import { createRandom } from '../seed/random.ts'
import { type Conditions, type Fault, inSeconds, type Row, rowsOf } from './fault.ts'
import { findDamage, withRows } from './rows.ts'
import { ledgerRows, sleep, until, withScene } from './scene.ts'
import { createWorkspace, type Place, places } from './workspaces.ts'

/** Zero lost of so many bounds the rate at three in as many. */
const longRun: Limits = { kills: 200, acknowledged: 30_000, seconds: 1_200 }

const shortRun: Limits = { kills: 200, acknowledged: 30_000, seconds: 25 }

export const killed: Fault = {
  id: 'F1',
  name: 'kill -9 under load',
  async run(conditions) {
    const rows: Row[] = []
    const usual = conditions.isLong ? longRun : shortRun
    const limits = { ...usual, seconds: conditions.forSeconds ?? usual.seconds }
    for (const place of places) rows.push(...(await killAgain(conditions, place, limits)))
    return rows
  },
}

/** Goes on for so many kills and acknowledged writes, or until the time is over. */
export interface Limits {
  readonly kills: number
  readonly acknowledged: number
  readonly seconds: number
}

/** Kills the server again and again while sixteen clients write, and proves what it holds then. */
export async function killAgain(
  conditions: Conditions,
  place: Place,
  limits: Limits,
): Promise<Row[]> {
  const workspace = await createWorkspace(conditions, place)
  const random = createRandom(20_260_101)
  const endsAt = performance.now() + limits.seconds * 1_000
  const startsMs: number[] = []
  const damaged: string[] = []

  return withScene(workspace, async ({ victim, caller, ledger, traffic, prove }) => {
    function isEnough() {
      if (performance.now() > endsAt) return true
      return startsMs.length >= limits.kills && ledger.acknowledged >= limits.acknowledged
    }

    while (!isEnough()) {
      const before = ledger.acknowledged
      traffic.start([caller])
      await sleep(150 + random.below(400))
      // On a busy machine the first hashes may take longer.
      await until(() => ledger.acknowledged > before, 5_000)
      await victim.end('SIGKILL')
      await traffic.stop()
      startsMs.push(await victim.start())
      damaged.push(...(await withRows(workspace.databaseUrl, findDamage)))
    }
    const proof = await prove()
    const row = rowsOf('F1', place)
    const slowestMs = Math.max(...startsMs)
    return [
      ...ledgerRows(
        row,
        ledger,
        { ...proof, damaged: [...damaged, ...proof.damaged] },
        ` over ${startsMs.length} kills`,
      ),
      row('ready after a kill', 'within 2 s', `${inSeconds(slowestMs)} at most`, slowestMs < 2_000),
    ]
  })
}
