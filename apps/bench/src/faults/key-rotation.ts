import type { Caller } from '../caller.ts'
import { runCommand, type Workspace } from '../processes.ts'
import { createSettableClock, type SettableClock } from './clock.ts'
import { type Fault, inSeconds, type Row, rowsOf } from './fault.ts'
import type { Ledger, LedgerSession } from './ledger.ts'
import { firstOf, type Scene, until, withScene } from './scene.ts'
import { createWorkspace, type Place, places } from './workspaces.ts'

const readers = 8

/** A new key signs after so long, when everybody has had the time to fetch it. */
const signsAfterSeconds = 300

/** The same of both servers, so that each accepts what the other has signed. */
const settings = { ROLLCALL_PUBLIC_URL: 'http://rollcall.test' }

export const keyRotation: Fault = {
  id: 'F14',
  name: 'the signing key is rotated under load',
  async run(conditions) {
    const rows: Row[] = []
    for (const place of places) {
      const clock = createSettableClock(conditions)
      const workspace = clock.apply(await createWorkspace(conditions, place, settings))
      const rotate = (one: Scene) =>
        withScene(workspace, (two) => rotateKeys(place, workspace, clock, [one, two]))
      rows.push(...(await withScene(workspace, rotate)))
    }
    return rows
  },
}

async function rotateKeys(
  place: Place,
  workspace: Workspace,
  clock: SettableClock,
  scenes: readonly [Scene, Scene],
): Promise<Row[]> {
  const [{ ledger }] = scenes
  const callers = scenes.map(({ caller }) => caller)
  const crowd = await createCrowd(ledger, callers)
  await crowd.read(2_000)
  await runCommand(workspace, ['keys', 'rotate'])
  await crowd.read(2_000)
  clock.set(signsAfterSeconds + 1)
  await crowd.read(3_000)
  const rotated = crowd.kids()
  const { refused, accepted } = crowd

  const old = crowd.tokens()
  const replacedAt = performance.now()
  await runCommand(workspace, ['keys', 'rotate', '--now'])
  let lastAcceptedMs = 0
  const endedAt = performance.now()
  await until(async () => {
    const statuses = await Promise.all(
      old.flatMap((token) => callers.map((caller) => readWith(caller, token))),
    )
    if (statuses.includes(200)) lastAcceptedMs = performance.now() - endedAt
    return performance.now() - endedAt > 8_000
  }, 60_000)
  crowd.forget()
  await crowd.read(2_000)

  const row = rowsOf('F14', `two servers on ${place}`)
  return [
    row(
      'valid tokens refused while a key takes turns',
      '0',
      `${refused.length} of ${accepted + refused.length}${firstOf(refused)}`,
      refused.length === 0 && accepted > 0,
    ),
    row('the next key signs after 300 s', 'on both', `${rotated.size} key`, rotated.size === 1),
    row(
      'tokens of a key that was replaced at once',
      'refused within 60 s',
      `within ${inSeconds(lastAcceptedMs)} of the command, which took ${inSeconds(endedAt - replacedAt)}`,
      lastAcceptedMs < 7_000,
    ),
    row(
      'valid tokens refused afterwards',
      '0',
      `${crowd.refused.length}${firstOf(crowd.refused)}`,
      crowd.refused.length === 0,
    ),
  ]
}

/** People who read with a token of the one server at the other, and renew it at either. */
async function createCrowd(ledger: Ledger, callers: readonly Caller[]) {
  const callerOf = (turn: number) => callers[turn % callers.length] as Caller
  const sessions: LedgerSession[] = []
  for (let index = 0; index < readers; index += 1) {
    const session = await ledger.signIn(callerOf(0), await ledger.register(callerOf(0)))
    if (session) sessions.push(session)
  }
  let refused: string[] = []
  let accepted = 0

  async function readOn(session: LedgerSession, endsAt: number) {
    for (let turn = 0; performance.now() < endsAt; turn += 1) {
      if (turn % 5 === 0) await ledger.rotate(callerOf(turn), session)
      const status = await readWith(callerOf(turn + 1), session.access)
      if (status === 200) accepted += 1
      else refused.push(`answered ${status}`)
    }
  }

  return {
    get refused() {
      return refused
    },

    get accepted() {
      return accepted
    },

    async read(milliseconds: number) {
      const endsAt = performance.now() + milliseconds
      await Promise.all(sessions.map((session) => readOn(session, endsAt)))
    },

    forget() {
      refused = []
    },

    tokens: () => sessions.map(({ access }) => access),

    kids: () => new Set(sessions.map(({ access }) => kidOf(access))),
  }
}

async function readWith(caller: Caller, token: string): Promise<number> {
  return (await caller.call({ method: 'GET', path: '/api/users/me/', token })).status
}

function kidOf(token: string): string {
  const [header = ''] = token.split('.')
  return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid
}
