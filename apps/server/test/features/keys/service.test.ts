import type { Store } from '../../../src/db/store.ts'
import { createAuditService } from '../../../src/features/audit/service.ts'
import { createKeysService, toJwk } from '../../../src/features/keys/service.ts'
import { createStore } from '../../db/stores.ts'
import { onEachDatabase } from '../../support/databases.ts'

const start = Date.parse('2026-01-31T09:30:00.000Z')

await onEachDatabase(async (t, database) => {
  const store = await createStore(t, database)
  t.beforeEach(() => store.write((tx) => tx.delete(store.tables.signingKeys)))

  await t.test('the first start makes one key, and the next one opens it', async (t) => {
    const { service } = open(store)
    const [key, ...others] = await service.open()
    t.same(others, [])
    t.match(key?.row, { signsFrom: at(0), verifiesUntil: null })
    t.match(key?.privateKey, /^-----BEGIN PRIVATE KEY-----/)
    t.same(await service.open(), [key])
  })

  await t.test('of first starts at once one makes the key, and notes it', async (t) => {
    const { service, reopen } = open(store)
    const { auditEvents } = store.tables
    const before = await store.read.$count(auditEvents)
    const starts = [service, ...Array.from({ length: 7 }, () => reopen())]
    const opened = await Promise.all(starts.map((service) => service.open()))
    for (const keys of opened) t.same(keys, opened[0])
    t.equal(opened[0]?.length, 1)
    t.equal(await store.read.$count(auditEvents), before + 1)
  })

  await t.test('a private key is kept sealed, and opens in its own row alone', async (t) => {
    const { service } = open(store)
    const [key] = await service.open()
    const d = Buffer.from(key?.privateKey.split('\n')[1] ?? '', 'base64').subarray(-32)
    t.notMatch(JSON.stringify(key?.row), d.toString('base64url'))
    const next = await service.rotate()
    const { signingKeys } = store.tables
    await store.write((tx) =>
      tx.update(signingKeys).set({ sealedPrivateKey: next.sealedPrivateKey }),
    )
    await t.rejects(service.open(), { message: /^ROLLCALL_SECRET is not the one/ })
  })

  await t.test('another secret opens none, and says so', async (t) => {
    const { service, reopen } = open(store)
    await service.open()
    await t.rejects(reopen({ secret: 'another secret, as long as the first' }).open(), {
      message:
        'ROLLCALL_SECRET is not the one that this database was made with: its signing keys cannot be opened.',
    })
  })

  await t.test('a key to come is known at once, and signs when all have fetched it', async (t) => {
    const { service } = open(store)
    const [first] = await service.open()
    const next = await service.rotate()
    t.equal(next.signsFrom, at(300))
    t.same(await ids(service), [next.id, first?.row.id])
  })

  await t.test('the old key verifies until its last token has expired, not longer', async (t) => {
    const { service, advance } = open(store)
    const [first] = await service.open()
    const next = await service.rotate()
    // It signs for 300 seconds more, its last token lives 300, and clocks differ by 60.
    advance(300 + 300 + 60 - 0.001)
    t.same(await ids(service), [next.id, first?.row.id])
    advance(0.001)
    t.same(await ids(service), [next.id])
  })

  await t.test('rotating twice in a row leaves every key its time', async (t) => {
    const { service, advance } = open(store)
    const [first] = await service.open()
    const second = await service.rotate()
    advance(10)
    const third = await service.rotate()
    t.same(await ids(service), [third.id, second.id, first?.row.id])
    advance(660 - 10)
    t.same(await ids(service), [third.id, second.id])
    advance(10)
    t.same(await ids(service), [third.id])
  })

  await t.test('what has ended is deleted when the next key is made', async (t) => {
    const { service, advance } = open(store)
    await service.open()
    await service.rotate()
    advance(10_000)
    await service.rotate()
    t.equal(await store.read.$count(store.tables.signingKeys), 2)
  })

  await t.test('a stolen key is replaced at once, with all that were to come', async (t) => {
    const { service } = open(store)
    await service.open()
    await service.rotate()
    const key = await service.replace()
    t.match(key, { signsFrom: at(0), verifiesUntil: null })
    t.same(await ids(service), [key.id])
  })

  await t.test('the public half says nothing of the private one', async (t) => {
    const { service } = open(store)
    const [key] = await service.open()
    t.same(key && toJwk(key.row), {
      kty: 'OKP',
      crv: 'Ed25519',
      x: key?.row.publicKey,
      kid: key?.row.id,
      alg: 'EdDSA',
      use: 'sig',
    })
  })
})

type Service = ReturnType<typeof createKeysService>

function open(store: Store) {
  let now = start
  const clock = { now: () => new Date(now) }
  const parts = {
    store,
    clock,
    audit: createAuditService({ store, clock }),
    secret: 'a secret of the tests, long enough',
    accessTokenSeconds: 300,
  }
  return {
    service: createKeysService(parts),
    reopen: (other: { secret?: string } = {}) => createKeysService({ ...parts, ...other }),
    advance: (seconds: number) => {
      now += seconds * 1_000
    },
  }
}

async function ids(service: Service): Promise<string[]> {
  return (await service.listInForce()).map(({ id }) => id)
}

function at(seconds: number): string {
  return new Date(start + seconds * 1_000).toISOString()
}
