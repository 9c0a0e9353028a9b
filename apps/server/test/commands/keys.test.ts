import { createKeysRepository } from '../../src/features/keys/repository.ts'
import { openOn } from '../db/stores.ts'
import { createDatabase, onEachDatabase } from '../support/databases.ts'
import { createRollcall } from './rollcall.ts'

const secret = 'the secret of the server, long enough'

await onEachDatabase(async (t, database) => {
  const databaseUrl = await createDatabase(t, database)
  const { run } = createRollcall(t, {
    ROLLCALL_DATABASE_URL: databaseUrl,
    ROLLCALL_SECRET: secret,
  })
  const store = await openOn(t, databaseUrl)
  const { list } = createKeysRepository(store.tables)

  await t.test('before the first start there is no key', async (t) => {
    t.match(await run(['keys', 'list']), {
      code: 0,
      stdout: 'There is no key yet; the first start makes one.\n',
    })
  })

  await t.test('rotate makes the next key beside the one in force', async (t) => {
    const rotated = await run(['keys', 'rotate', '--json'])
    t.equal(rotated.code, 0)
    const next = JSON.parse(rotated.stdout)
    const [first, second, ...others] = JSON.parse((await run(['keys', 'list', '--json'])).stdout)
    t.same(first, next)
    t.same(others, [])
    t.ok(next.signs_from > next.created_at, 'it waits until others know it')
    t.ok(second.verifies_until > next.signs_from, 'and the old one verifies for longer than that')
    t.same(Object.keys(next), ['kid', 'created_at', 'signs_from', 'verifies_until'])
  })

  await t.test('under another secret no key is made: no server could start again', async (t) => {
    const before = await list(store.read)
    const env = { ROLLCALL_SECRET: secret.toUpperCase() }
    const refusals = await Promise.all([
      run(['keys', 'rotate'], { env }),
      run(['keys', 'rotate', '--now'], { env }),
    ])
    for (const refusal of refusals) {
      t.match(refusal, {
        code: 1,
        stdout: '',
        stderr: /^rollcall: ROLLCALL_SECRET is not the one that this database was made with: .+\n$/,
      })
    }
    t.same(await list(store.read), before)
  })

  await t.test('rotate --now leaves one key in force', async (t) => {
    const { code, stdout } = await run(['keys', 'rotate', '--now'])
    t.equal(code, 0)
    const inForce = (await list(store.read)).filter(({ verifiesUntil }) => verifiesUntil === null)
    t.equal(inForce.length, 1)
    t.equal(stdout, `Key ${inForce[0]?.id} signs from ${inForce[0]?.signsFrom}.\n`)
  })
})
