import type { Answer, Call, Silence } from '../caller.ts'
import { createSettableClock, type SettableClock } from './clock.ts'
import { type Fault, type Row, rowsOf } from './fault.ts'
import { withRows } from './rows.ts'
import { firstOf, type Scene, until, withScene } from './scene.ts'
import { createWorkspace } from './workspaces.ts'

const jumps = { '+10 min': 600, '-10 min': -600, '+1 year': 365 * 86_400, '-1 year': -365 * 86_400 }

/** The longest that anybody is ever told to wait, and the longest that a session lives. */
const longestWaitSeconds = 900
const longestSessionMs = 30 * 86_400_000

export const clockJumps: Fault = {
  id: 'F5',
  name: 'the clock jumps, and back',
  async run(conditions) {
    const rows: Row[] = []
    for (const [name, offSeconds] of Object.entries(jumps)) {
      const clock = createSettableClock(conditions)
      const settings = { ROLLCALL_LIMITS: 'on', ROLLCALL_ACCESS_TOKEN_SECONDS: '300' }
      const workspace = clock.apply(await createWorkspace(conditions, 'SQLite', settings))
      rows.push(...(await withScene(workspace, (scene) => jump(scene, clock, name, offSeconds))))
    }
    return rows
  },
}

async function jump(
  scene: Scene,
  clock: SettableClock,
  name: string,
  offSeconds: number,
): Promise<Row[]> {
  const { caller, ledger } = scene
  const failed: string[] = []
  const refused: string[] = []
  const honoured: string[] = []
  let longestWait = 0

  async function call(call: Call): Promise<Answer | Silence> {
    const answer = await caller.call(call)
    if (answer.status >= 500 || !('text' in answer)) {
      failed.push(`${call.method} ${call.path} answered ${answer.status}`)
    } else {
      longestWait = Math.max(longestWait, Number(answer.headers['retry-after'] ?? 0))
    }
    return answer
  }

  async function read(token: string): Promise<boolean> {
    return (await call({ method: 'GET', path: '/api/users/me/', token })).status === 200
  }

  async function signIn(when: string) {
    const session = await ledger.signIn(caller, person)
    if (!session || !(await read(session.access))) refused.push(`a sign-in ${when}`)
    else if ((await call(renewal(session.refresh))).status !== 200)
      refused.push(`a renewal ${when}`)
    return session
  }

  const person = await ledger.register(caller)
  const before = await signIn('before it')
  clock.set(offSeconds)
  if (before && (await read(before.access))) honoured.push('one from before')
  const during = await signIn('after it')
  for (let count = 0; count < 7; count += 1) await call(wrongPassword)
  for (let count = 0; count < 61; count += 1) await call(spentLink)
  const isSealedDuring = await until(() => isSealed(scene), 4_000)

  clock.set(0)
  if (during && (await read(during.access))) honoured.push('one of the wrong time')
  if (before && !(await read(before.access))) refused.push('a token from before, after all')
  longestWait = 0
  await call(wrongPassword)
  await call(spentLink)
  const after = await signIn('back in time')
  const isSealedAfter = await until(() => isSealed(scene), 4_000)
  const list = await call({ method: 'GET', path: '/api/sessions/', token: after?.access })
  failed.push(...ledger.surprises)
  const surplusMs = lastEndOf(list) - Date.now() - longestSessionMs
  const row = rowsOf('F5', name)
  return [
    row('answers 5xx', '0', `${failed.length}${firstOf(failed)}`, failed.length === 0),
    row('signs in, reads and renews', 'always', firstOf(refused) || 'always', refused.length === 0),
    row(
      'access tokens honoured at another time than theirs',
      '0',
      `${honoured.length}${firstOf(honoured)}`,
      honoured.length === 0,
    ),
    row(
      'the longest wait that is told afterwards',
      `${longestWaitSeconds} s at most`,
      `${longestWait} s`,
      longestWait <= longestWaitSeconds,
    ),
    row(
      'sessions that live on afterwards',
      'for 30 days at most',
      surplusMs <= 0 ? 'none for longer' : `${Math.round(surplusMs / 86_400_000)} days longer`,
      surplusMs <= 0,
    ),
    row(
      'timers go on',
      'events sealed within 4 s',
      isSealedDuring && isSealedAfter ? 'yes' : 'no',
      isSealedDuring && isSealedAfter,
    ),
  ]
}

const wrongPassword: Call = {
  method: 'POST',
  path: '/api/token/',
  body: { username: 'nobody', password: 'five-purple-teapots' },
}

const spentLink: Call = {
  method: 'POST',
  path: '/api/password/set/',
  body: { token: 'rco_spent', new_password: 'five-purple-teapots' },
}

function renewal(refresh: string): Call {
  return { method: 'POST', path: '/api/token/refresh/', body: { refresh } }
}

function lastEndOf(answer: Answer | Silence): number {
  if (answer.status !== 200 || !('text' in answer)) return Number.NaN
  const { results } = JSON.parse(answer.text) as { results: { expires_at: string }[] }
  return Math.max(...results.map((session) => Date.parse(session.expires_at)))
}

function isSealed({ workspace }: Scene): Promise<boolean> {
  return withRows(workspace.databaseUrl, async (rows) => {
    const [row] = await rows.read<{ n: number }>('SELECT count(*) AS n FROM audit_unsealed')
    return row?.n === 0
  })
}
