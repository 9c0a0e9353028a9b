import { eq } from 'drizzle-orm'
import { createDatabase, onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes, password } from '../../support/server.ts'

const claimSeconds = 60
const person = { username: 'alice', email: 'alice@example.com', password }

await onEachDatabase(async (t, database) => {
  await t.test('ASVS 2.3.4: of 32 at once with one key, on two servers, one is done', async (t) => {
    const databaseUrl = await createDatabase(t, database)
    const one = await createServer(t, { databaseUrl })
    const two = await createServer(t, { databaseUrl })
    const { users, auditEvents, idempotencyKeys } = one.store.tables
    const send = (index: number) =>
      (index % 2 ? one : two).call('POST', '/api/register/', {
        body: person,
        headers: { 'idempotency-key': 'one-key' },
      })
    const answers = await Promise.all(Array.from({ length: 32 }, (_, index) => send(index)))

    const done = answers.filter(({ status }) => status === 201)
    const first = done.filter(({ headers }) => headers['idempotency-replayed'] === undefined)
    t.equal(first.length, 1, `and ${done.length - 1} were given its answer`)
    for (const { body } of done) t.same(body, first[0]?.body)
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      t.match(answer, { status: 409, body: { code: 'idempotency_in_flight' } })
      t.equal(answer.headers['retry-after'], '1')
    }
    t.equal(await one.store.read.$count(users), 1)
    const registered = eq(auditEvents.action, 'user.registered')
    t.equal(await one.store.read.$count(auditEvents, registered), 1)
    t.equal(await one.store.read.$count(idempotencyKeys), 1)
    for (const index of [0, 1]) t.match(await send(index), { status: 201, body: first[0]?.body })
  })

  await t.test('of 16 at once for one name with a key each, the others’ are free', async (t) => {
    const { call, store } = await createServer(t, { database })
    const { users, idempotencyKeys } = store.tables
    const send = (key: string) =>
      call('POST', '/api/register/', { body: person, headers: { 'idempotency-key': key } })
    const answers = await Promise.all(Array.from({ length: 16 }, (_, index) => send(`key${index}`)))
    t.equal(answers.filter(({ status }) => status === 201).length, 1)
    t.equal(answers.filter((answer) => fieldCodes(answer).username === 'unique').length, 15)
    t.equal(await store.read.$count(users), 1)
    t.equal(await store.read.$count(idempotencyKeys), 1)
  })

  await t.test('what a crash amid the work has claimed is free after a minute', async (t) => {
    const { call, store, clock } = await createServer(t, { database })
    const { users, idempotencyKeys } = store.tables
    const send = () =>
      call('POST', '/api/register/', { body: person, headers: { 'idempotency-key': 'crash' } })
    await send()
    // As it stands between the claim and the effect.
    const expiresAt = new Date(clock.now().getTime() + claimSeconds * 1_000).toISOString()
    await store.write(async (tx) => {
      await tx.delete(users)
      await tx.update(idempotencyKeys).set({ sealedAnswer: null, expiresAt })
    })

    clock.advance(claimSeconds - 1)
    t.match(await send(), { status: 409, body: { code: 'idempotency_in_flight' } })
    t.equal(await store.read.$count(users), 0)
    clock.advance(1)
    const answer = await send()
    t.equal(answer.status, 201)
    t.equal(answer.headers['idempotency-replayed'], undefined)
    t.equal(await store.read.$count(users), 1)
    t.match(await send(), { status: 201, headers: { 'idempotency-replayed': 'true' } })
  })

  await t.test('who works on after another took the key over undoes the effect', async (t) => {
    const { signUp, store, clock, idempotency } = await createServer(t, { database })
    const { users } = store.tables
    await signUp('victim')
    const request = { key: 'slow', callerId: undefined, operationId: 'register', input: {} }
    const slow = idempotency.once(request, async (keep) => {
      clock.advance(claimSeconds)
      const quick = await idempotency.once(request, (keep) =>
        store.write((tx) => keep(tx, { headers: {}, body: 'quick' })),
      )
      t.match(quick, { body: 'quick', isReplayed: false })
      return store.write(async (tx) => {
        await tx.delete(users).where(eq(users.username, 'victim'))
        return keep(tx, { headers: {}, body: 'slow' })
      })
    })
    await t.rejects(slow, { code: 'idempotency_in_flight' })
    t.equal(await store.read.$count(users), 1, 'what it had done is undone')
    const again = await idempotency.once(request, () => Promise.reject(new Error('not again')))
    t.match(again, { body: 'quick', isReplayed: true })
  })

  await t.test('a claim that was swept meanwhile leaves no effect without its row', async (t) => {
    const { store, clock, idempotency } = await createServer(t, { database })
    const { roles, idempotencyKeys } = store.tables
    const before = await store.read.$count(roles)
    const request = { key: 'swept', callerId: undefined, operationId: 'register', input: {} }
    const swept = idempotency.once(request, async (keep) => {
      clock.advance(claimSeconds)
      await idempotency.prune()
      return store.write(async (tx) => {
        await tx.delete(roles)
        return keep(tx, { headers: {}, body: '' })
      })
    })
    await t.rejects(swept, { code: 'idempotency_in_flight' })
    t.equal(await store.read.$count(roles), before)
    t.equal(await store.read.$count(idempotencyKeys), 0)
  })
})
