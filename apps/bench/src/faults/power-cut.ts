import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRandom } from '../seed/random.ts'
import { type Conditions, type Fault, rowsOf } from './fault.ts'
import { createLedger, type Ledger } from './ledger.ts'
import type { Proof } from './proof.ts'
import { ledgerRows, sleep, withScene } from './scene.ts'
import { compileShim } from './shim.ts'
import { createTraffic } from './traffic.ts'
import { createFolder, createWorkspace, folderOf } from './workspaces.ts'

const weaker = fileURLToPath(new URL('shims/synchronous-normal.ts', import.meta.url))

/** Slower than the server leaves to the thread that answers. */
const syncMs = 30

/** Tokens stay valid although each start is on another port. */
const settings = { ROLLCALL_PUBLIC_URL: 'http://rollcall.test' }

export const powerCut: Fault = {
  id: 'F2',
  name: 'the power is cut under load',
  async run(conditions) {
    const rounds = conditions.isLong ? 60 : 6
    const full = await cutPower(conditions, rounds)
    // There it is another thread that syncs.
    const slow = await cutPower(conditions, rounds, { syncMs })
    // Were nothing lost here either, the emulation would prove nothing.
    const normal = await cutPower(conditions, 1, { node: ['--import', weaker] })
    const { lost } = normal.proof
    const over = ` over ${rounds} cuts`
    return [
      ...ledgerRows(rowsOf('F2', 'SQLite'), full.ledger, full.proof, over),
      ...ledgerRows(rowsOf('F2', `SQLite, ${syncMs} ms a sync`), slow.ledger, slow.proof, over),
      rowsOf('F2', 'SQLite at synchronous=NORMAL')(
        'the same is seen to lose',
        'more than 0',
        `${lost.length} of ${normal.ledger.acknowledged}`,
        lost.length > 0,
      ),
    ]
  },
}

/**
 * Each round runs on what the one before has left on the disk: a library under the server copies
 * what is synced, when it is synced, and the next server starts from that copy alone.
 */
async function cutPower(
  conditions: Conditions,
  rounds: number,
  { syncMs = 0, node = [] }: { readonly syncMs?: number; readonly node?: readonly string[] } = {},
): Promise<{ readonly ledger: Ledger; readonly proof: Proof }> {
  const library = compileShim('disk', conditions.folder)
  const ledger = createLedger()
  const traffic = createTraffic(ledger)
  const random = createRandom(20_260_101)
  let workspace = await createWorkspace(conditions, 'SQLite', settings)
  for (let round = 0; round < rounds; round += 1) {
    const left = createFolder(conditions)
    cpSync(folderOf(workspace), left, { recursive: true })
    const preload = {
      LD_PRELOAD: library,
      ROLLCALL_TEST_SYNC_MS: String(syncMs),
      ROLLCALL_TEST_DURABLE_FROM: folderOf(workspace),
      ROLLCALL_TEST_DURABLE_TO: left,
    }
    const shimmed = { ...workspace, node, settings: { ...workspace.settings, ...preload } }
    await withScene(
      shimmed,
      async ({ victim, caller }) => {
        traffic.start([caller])
        await sleep(500 + random.below(1_500))
        await victim.end('SIGKILL')
      },
      ledger,
      traffic,
    )
    workspace = { ...workspace, databaseUrl: `file:${join(left, 'rollcall.db')}` }
  }
  return withScene(workspace, async ({ prove }) => ({ ledger, proof: await prove() }), ledger)
}
