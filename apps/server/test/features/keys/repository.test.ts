import { createKeysRepository } from '../../../src/features/keys/repository.ts'
import { createStore, newSigningKey } from '../../db/stores.ts'
import { onEachDatabase } from '../../support/databases.ts'

const day = (number: number) => `2026-01-0${number}T00:00:00.000Z`

await onEachDatabase(async (t, database) => {
  const { read, write, tables } = await createStore(t, database)
  const repository = createKeysRepository(tables)
  const first = newSigningKey({ signsFrom: day(1) })
  const second = newSigningKey({ signsFrom: day(2) })
  const third = newSigningKey({ signsFrom: day(3) })
  for (const key of [second, third, first]) await write((tx) => repository.insert(tx, key))

  /** Of the third, second and first. */
  const ends = async () => (await repository.list(read)).map(({ verifiesUntil }) => verifiesUntil)

  await t.test('keys are read as they were written, youngest first', async (t) => {
    t.match(await repository.list(read), [third, second, first])
  })

  await t.test('retiring sets an end where there is none', async (t) => {
    await write((tx) => repository.retireOthers(tx, second.id, day(4)))
    await write((tx) => repository.retireOthers(tx, third.id, day(5)))
    t.same(await ends(), [day(4), day(5), day(4)])
  })

  await t.test('ending moves the end of every other key', async (t) => {
    await write((tx) => repository.endBefore(tx, third.id, day(3)))
    t.same(await ends(), [day(4), day(3), day(3)])
  })

  await t.test('those that have ended are deleted, to the millisecond', async (t) => {
    await write((tx) => repository.deleteEnded(tx, '2026-01-02T23:59:59.999Z'))
    t.equal((await repository.list(read)).length, 3)
    await write((tx) => repository.deleteEnded(tx, day(3)))
    t.match(await repository.list(read), [{ id: third.id }])
    t.equal((await repository.list(read)).length, 1)
  })
})
