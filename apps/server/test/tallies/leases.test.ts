import t from 'tap'
import { createLeases } from '../../src/tallies/leases.ts'
import { createLocalTally } from '../../src/tallies/local.ts'
import type { Tally } from '../../src/tallies/tally.ts'

const minute = 60_000

/** A tally that can be lost, and how often it was asked. */
function createTally() {
  const count = createLocalTally()
  const state = { isLost: false, asked: 0 }
  const answer = <T>(work: () => T): Promise<T> =>
    state.isLost ? Promise.reject(new Error('lost')) : Promise.resolve(work())
  const tally: Tally = {
    add: (key, amount, windowMs) => {
      state.asked += 1
      return answer(() => count(key, amount, windowMs))
    },
    check: () => answer(() => {}),
  }
  return { tally, state }
}

type Count = ReturnType<typeof createLeases>

/** How many of so many parallel calls are let through. */
async function passed(counts: readonly Count[], calls: number, max: number, key = 'a') {
  const totals = await Promise.all(
    Array.from({ length: calls }, (_, index) => counts[index % counts.length]?.(key, minute, max)),
  )
  return totals.filter((count) => count && count.total <= max).length
}

t.test('processes together let through as many as one would', async (t) => {
  for (const max of [1, 60, 100]) {
    const { tally } = createTally()
    const counts = [createLeases(tally), createLeases(tally), createLeases(tally)]
    t.equal(await passed(counts, max * 2 + 10, max), max)
  }
})

t.test('of high limits each may stop a hundredth short, and none lets more through', async (t) => {
  const { tally, state } = createTally()
  const counts = [createLeases(tally), createLeases(tally), createLeases(tally)]
  const through = await passed(counts, 4_000, 3_000)
  t.ok(through <= 3_000 && through > 3_000 - 3 * 30, `${through}`)
  t.ok(state.asked < 110, `asked ${state.asked} times, and not for each call`)
})

t.test('keys are counted apart, and anew in the next window', async (t) => {
  const { tally } = createTally()
  const count = createLeases(tally)
  t.equal(await passed([count], 10, 5, 'a'), 5)
  t.equal(await passed([count], 10, 5, 'b'), 5)
  const short = createLeases(tally)
  t.match(await short('c', 1, 1), { total: 1 })
  await new Promise((resolve) => setTimeout(resolve, 5))
  t.match(await short('c', 1, 1), { total: 1 })
})

t.test('how long the window lasts is told', async (t) => {
  const count = createLeases(createTally().tally)
  const { leftMs } = await count('a', minute, 5)
  t.ok(leftMs > 0 && leftMs <= minute)
})

t.test('while the tally is lost each counts for itself, from where it was', async (t) => {
  const { tally, state } = createTally()
  const changes: boolean[] = []
  const counts = [createLeases(tally, (isShared) => changes.push(isShared)), createLeases(tally)]
  t.equal(await passed(counts, 40, 60), 40)
  state.isLost = true
  const more = await Promise.all(counts.map((count) => passed([count], 100, 60)))
  for (const through of more) t.ok(through >= 20 && through < 60, `${through} more`)
  t.same(changes, [false])
  const { asked } = state
  await passed(counts, 20, 60, 'another')
  t.equal(state.asked, asked, 'and asks no more for each call')
})

t.test('when it is back, it hears what was counted meanwhile', async (t) => {
  const { tally, state } = createTally()
  state.isLost = true
  let tell = () => {}
  const isBack = new Promise<void>((resolve) => {
    tell = resolve
  })
  const count = createLeases(tally, (isShared) => isShared && tell())
  t.equal(await passed([count], 50, 60), 50)
  state.isLost = false
  const held = setInterval(() => {}, 1_000)
  await isBack
  clearInterval(held)
  t.match(await count('a', minute, 60), { total: 51 })
  const other = createLeases(tally)
  t.match(await other('a', minute, 60), { total: 52 })
})
