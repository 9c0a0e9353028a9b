import { bearer } from '../api.ts'
import { type Caller, createCaller } from '../caller.ts'
import type { Workspace } from '../processes.ts'
import type { Read } from '../speed/paced.ts'
import { createVictim, type Victim } from '../victim.ts'
import type { Row, RowMaker } from './fault.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { type Proof, type ProofOptions, proveLedger } from './proof.ts'
import { createTraffic, type Traffic } from './traffic.ts'

/** A running server, and clients who write down what it acknowledges. */
export interface Scene {
  readonly workspace: Workspace
  readonly victim: Victim
  readonly caller: Caller
  readonly ledger: Ledger
  readonly traffic: Traffic
  prove(options?: ProofOptions): Promise<Proof>
}

/** Starts the server, plays, and ends everything whatever happens. */
export async function withScene<T>(
  workspace: Workspace,
  play: (scene: Scene) => Promise<T>,
  ledger = createLedger(),
  traffic = createTraffic(ledger),
): Promise<T> {
  const victim = await createVictim(workspace)
  const caller = createCaller(victim.url)
  const prove = (options?: ProofOptions) => proveLedger(ledger, victim.url, workspace, options)
  try {
    await victim.start()
    return await play({ workspace, victim, caller, ledger, traffic, prove })
  } finally {
    await victim.end('SIGKILL')
    await traffic.stop()
    caller.close()
  }
}

/** A read by somebody whose session nobody else changes, for `measurePaced`. */
export async function prepareRead({ victim, caller, ledger }: Scene): Promise<Read> {
  const session = await ledger.signIn(caller, await ledger.register(caller))
  if (!session) throw new Error('Nobody can sign in')
  return { url: `${victim.url}/api/users/me/`, headers: bearer(session.access) }
}

/** What every fault demands of the ledger. */
export function ledgerRows(row: RowMaker, ledger: Ledger, proof: Proof, course = ''): Row[] {
  const { acknowledged, surprises } = ledger
  const { lost, damaged } = proof
  return [
    row(
      'acknowledged writes lost',
      '0',
      `${lost.length} of ${acknowledged}${course}${firstOf(lost)}`,
      lost.length === 0 && acknowledged > 0,
    ),
    row('damage found', '0', `${damaged.length}${firstOf(damaged)}`, damaged.length === 0),
    row(
      'answers that nothing explains',
      '0',
      `${surprises.length}${firstOf(surprises)}`,
      surprises.length === 0,
    ),
  ]
}

/** The first of many, as a sample. */
export function firstOf(list: readonly string[]): string {
  const [first] = list
  return first === undefined ? '' : ` (${first})`
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Waits for something, for so long at most; answers whether it came. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  limitMs: number,
): Promise<boolean> {
  const endsAt = performance.now() + limitMs
  while (!(await condition())) {
    if (performance.now() > endsAt) return false
    await sleep(10)
  }
  return true
}
