import { availableParallelism } from 'node:os'
import t from 'tap'
import { createHasher, type HasherSettings } from '../../../src/features/passwords/hasher.ts'

const cheap = { argon2MemoryKib: 1_024, argon2Passes: 2, argon2Lanes: 1, hashQueue: 2 }
const create = (settings: Partial<HasherSettings> = {}) => createHasher({ ...cheap, ...settings })
const password = 'correct-horse-battery'

/** What is computed at a time, and waits, without being refused. */
const room = availableParallelism() + cheap.hashQueue

t.test('a password is verified against its hash, and no other is', async (t) => {
  const { hash, verify } = await create()
  const stored = await hash(password)
  t.match(stored, /^\$argon2id\$v=19\$m=1024,t=2,p=1\$[^$]{22}\$[^$]{43}$/)
  t.ok(await verify(stored, password))
  t.not(await hash(password), stored, 'each has a salt of its own')
  for (const wrong of ['', 'Correct-horse-battery', ` ${password}`, `${password} `]) {
    t.notOk(await verify(stored, wrong), JSON.stringify(wrong))
  }
})

t.test('ASVS 6.2.8: every byte counts', async (t) => {
  const { hash, verify } = await create()
  const long = 'x'.repeat(128)
  const stored = await hash(long)
  t.ok(await verify(stored, long))
  t.notOk(await verify(stored, `${'x'.repeat(127)}y`))
  t.notOk(await verify(stored, `${'x'.repeat(72)}y${'x'.repeat(55)}`))
})

t.test('the same text in another Unicode form is the same password', async (t) => {
  const { hash, verify } = await create()
  t.ok(await verify(await hash('caf\u00e9-au-lait'), 'cafe\u0301-au-lait'))
  t.notOk(await verify(await hash('cafe-au-lait'), 'caf\u00e9-au-lait'))
})

t.test('where there is no account no password is right', async (t) => {
  const { verify } = await create()
  t.notOk(await verify(undefined, password))
  t.notOk(await verify(undefined, ''))
})

t.test('a hash that cannot be read is a wrong one', async (t) => {
  const { verify } = await create()
  const malformed = ['', 'x', '!', '$argon2id$', '$argon2id$v=19$m=1024,t=2,p=1$c2FsdA', '$2b$10$x']
  for (const stored of malformed) t.notOk(await verify(stored, password), JSON.stringify(stored))
})

t.test('a hash of another cost is to be renewed', async (t) => {
  const { hash, verify, isWeaker } = await create()
  t.notOk(isWeaker(await hash(password)))
  for (const cost of [{ argon2MemoryKib: 512 }, { argon2Passes: 1 }, { argon2Lanes: 2 }]) {
    const stored = await (await create(cost)).hash(password)
    t.ok(isWeaker(stored), JSON.stringify(cost))
    t.ok(await verify(stored, password), 'and is good until then')
  }
})

t.test(
  'ASVS 15.2.2: as many are computed at a time as there are cores; beyond the queue all are refused',
  async (t) => {
    const { hash } = await create()
    const outcomes = await Promise.allSettled(
      Array.from({ length: room + 3 }, () => hash(password)),
    )
    t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, room)
    for (const refused of outcomes.slice(room)) {
      t.match(refused, {
        status: 'rejected',
        reason: { code: 'service_unavailable', status: 503, retryAfter: 1 },
      })
    }
    await t.resolves(hash(password), 'and then there is room again')
  },
)

t.test('what fails and what finds no account takes its turn, and gives it back', async (t) => {
  const { hash, verify } = await create()
  const hopeless = () => [verify(undefined, password), verify('malformed', password)]
  for (let round = 0; round < room; round += 1) await Promise.all(hopeless())
  const outcomes = await Promise.allSettled(
    Array.from({ length: room + 1 }, () => verify(undefined, password)),
  )
  t.match(outcomes.at(-1), { status: 'rejected', reason: { code: 'service_unavailable' } })
  t.match(outcomes[0], { status: 'fulfilled', value: false })
  await t.resolves(hash(password))
})
