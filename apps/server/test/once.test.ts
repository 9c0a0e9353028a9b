import t from 'tap'
import { once } from '../src/once.ts'

t.test('it is made once, however many ask at the same time', async (t) => {
  let made = 0
  const get = once(async () => ++made)
  t.same(await Promise.all([get(), get()]), [1, 1])
  t.equal(await get(), 1)
})

t.test('what has failed is tried again', async (t) => {
  let tries = 0
  const get = once(async () => {
    tries += 1
    if (tries === 1) throw new Error('too many files are open')
    return 'made'
  })
  await t.rejects(get(), { message: 'too many files are open' })
  t.equal(await get(), 'made')
})
