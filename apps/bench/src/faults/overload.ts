import { type Answer, type Caller, createCaller, type Silence } from '../caller.ts'
import { percentile } from '../statistics.ts'
import { type Fault, inSeconds, type Row, rowsOf } from './fault.ts'
import type { Person } from './ledger.ts'
import { type Scene, sleep, until, withScene } from './scene.ts'
import { createWorkspace } from './workspaces.ts'

const seconds = 6
const people = 8

const sharesCores =
  'who sends twice as many, and the event loop that refuses them, share the cores with the hashes'

export const overload: Fault = {
  id: 'F19',
  name: 'twice as many sign in as can',
  async run(conditions) {
    return withScene(await createWorkspace(conditions, 'SQLite'), signInTwiceAsFast)
  },
}

async function signInTwiceAsFast({ victim, caller, ledger }: Scene): Promise<Row[]> {
  const crowd: Person[] = []
  for (let count = 0; count < people; count += 1) crowd.push(await ledger.register(caller))
  const flooding = createCaller(victim.url, { connections: 2_000 })
  try {
    await measurePeak(flooding, crowd, 1)
    const peak = await measurePeak(flooding, crowd, seconds)
    const flood = await measureFlood(flooding, crowd, peak * 2)
    const endedAt = performance.now()
    const isBack = await until(async () => {
      const { status, durationMs } = await signIn(flooding, crowd[0])
      return status === 200 && durationMs < 250
    }, 10_000)
    const backMs = performance.now() - endedAt
    const row = rowsOf('F19', 'SQLite')
    const share = flood.goodput / peak
    return [
      row(
        'sign-ins done meanwhile',
        '90 % of the peak',
        `${flood.goodput.toFixed(0)} of ${peak.toFixed(0)} a second, ${(share * 100).toFixed(0)} %`,
        share >= 0.9,
        sharesCores,
      ),
      row(
        'the others refused',
        'with 503 or 429 and Retry-After',
        `${flood.refused} of ${flood.sent}, ${flood.others} answered otherwise`,
        flood.refused > 0 && flood.others === 0,
      ),
      row(
        'a refusal takes',
        'p99 under 20 ms',
        `p50 ${flood.refusalP50Ms.toFixed(0)} ms, p99 ${flood.refusalP99Ms.toFixed(0)} ms`,
        flood.refusalP99Ms < 20,
        sharesCores,
      ),
      row('signs in again', 'within 5 s', inSeconds(backMs), isBack && backMs < 5_000),
    ]
  } finally {
    flooding.close()
  }
}

/** As many a second as are done with every core hashing and somebody always waiting. */
async function measurePeak(caller: Caller, crowd: readonly Person[], duration: number) {
  const startedAt = performance.now()
  const endsAt = startedAt + duration * 1_000
  let done = 0
  const loop = async (person: Person) => {
    while (performance.now() < endsAt) {
      if ((await signIn(caller, person)).status === 200) done += 1
    }
  }
  await Promise.all(crowd.map(loop))
  return (done * 1_000) / (performance.now() - startedAt)
}

/** At a steady pace, whether those before were answered or not. */
async function measureFlood(caller: Caller, crowd: readonly Person[], perSecond: number) {
  const pending: Promise<Answer | Silence>[] = []
  const startedAt = performance.now()
  const endsAt = startedAt + seconds * 1_000
  while (performance.now() < endsAt) {
    const due = ((performance.now() - startedAt) * perSecond) / 1_000
    while (pending.length < due) {
      pending.push(signIn(caller, crowd[pending.length % crowd.length]))
    }
    await sleep(2)
  }
  const answers = await Promise.all(pending)
  const elapsedSeconds = (performance.now() - startedAt) / 1_000
  const refusals = answers.filter(isRefusal)
  const durations = refusals
    .map(({ durationMs }) => durationMs)
    .toSorted((left, right) => left - right)
  const done = answers.filter(({ status }) => status === 200).length
  return {
    sent: answers.length,
    goodput: done / elapsedSeconds,
    refused: refusals.length,
    others: answers.length - done - refusals.length,
    refusalP50Ms: percentile(durations, 0.5),
    refusalP99Ms: percentile(durations, 0.99),
  }
}

function signIn(caller: Caller, person: Person | undefined): Promise<Answer | Silence> {
  const body = { username: person?.username, password: person?.password }
  return caller.call({ method: 'POST', path: '/api/token/', body })
}

function isRefusal(answer: Answer | Silence): boolean {
  return [429, 503].includes(answer.status) && 'text' in answer && 'retry-after' in answer.headers
}
