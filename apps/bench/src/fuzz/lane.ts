import { type Answer, createCaller, type Silence } from '../caller.ts'
import { createRandom } from '../seed/random.ts'
import { type Actor, actorPassword, createActors, type Keeper, keeperPrefix } from './actors.ts'
import { toCurl } from './curl.ts'
import type { Operation } from './document.ts'
import { judge } from './judge.ts'
import { createMemory } from './memory.ts'
import { type Kind, makeRequest } from './requests.ts'

/** An answer that is not as it is declared, and how to get it again. */
export interface Finding {
  readonly operation: string
  readonly actor: Actor['name']
  readonly kind: Kind
  readonly lane: number
  readonly number: number
  readonly problem: string
  readonly curl: string
}

export interface Judged {
  readonly operation: Operation
  readonly answer: Answer | Silence
  readonly finding: Finding | undefined
}

export interface LaneOptions {
  readonly url: string
  readonly keeper: Keeper
  readonly operations: readonly Operation[]
  readonly seed: number
  /** Several go on at the same time, each by random numbers and actors of its own. */
  readonly lane: number
  readonly onAnswer: (judged: Judged) => void
  /** In whose name alone to send, where not in everybody's. */
  readonly only?: readonly Actor['name'][]
  /** An answer that takes longer is wrong, whatever it says. */
  readonly slowestMs?: number
}

/** Sends one made up request after the other. */
export async function createLane(options: LaneOptions) {
  const { url, keeper, operations, seed, lane, onAnswer, only, slowestMs = 2_000 } = options
  const caller = createCaller(url, { connections: 1, limitMs: 10_000 })
  const memory = createMemory(keeperPrefix)
  const everybody = await createActors(url, lane, keeper, memory.learn)
  const actors = everybody.filter(({ name }) => only === undefined || only.includes(name))
  const random = createRandom(seed * 1_000 + lane)
  memory.remember('password', actorPassword)
  let sent = 0

  async function sendNext() {
    const made = makeRequest(operations, random, memory.values)
    const { operation, kind } = made
    const actor = random.pick(actors)
    const call = { ...made, token: actor.token() }
    const answer = await caller.call(call)
    const problem = judge(made, answer, slowestMs)
    const where = { operation: operation.id, actor: actor.name, kind, lane, number: sent }
    const finding = problem ? { ...where, problem, curl: toCurl(url, call) } : undefined
    onAnswer({ operation, answer, finding })
    if ('text' in answer && answer.status < 300) memory.learn(parse(answer.text))
    if (answer.status === 401 || changesAccounts(operation)) await actor.revive()
    sent += 1
  }

  return {
    async sendUpTo(count: number) {
      while (sent < count) await sendNext()
    },

    async sendWhile(isWanted: () => boolean) {
      while (isWanted()) await sendNext()
    },
  }
}

/** After these an actor may be another, or none. */
function changesAccounts({ method, id }: Operation): boolean {
  return method !== 'GET' && /^(users|roles|sessions|logout|password|bulk|keys)/.test(id)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
