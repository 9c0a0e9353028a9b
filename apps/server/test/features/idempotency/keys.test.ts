import { type Endpoint, listEndpoints } from '@rollcall/contract'
import { eq } from 'drizzle-orm'
import { createIdempotencyRepository } from '../../../src/features/idempotency/repository.ts'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes, password } from '../../support/server.ts'

const making = listEndpoints().filter(
  ([, { idempotent, response }]) => idempotent && response[0] === 201,
)
const daySeconds = 86_400
let made = 0

await onEachDatabase(async (t, database) => {
  const config = { staffPasswords: 'allowed' } as const
  const server = await createServer(t, { database, config })
  const { call, signUp, store, clock } = server
  const { users, auditEvents, idempotencyKeys } = store.tables
  const root = await signUp('root', { is_superuser: true })
  const other = await signUp('other', { is_superuser: true })

  const send = (path: string, key: string, body: unknown, token = root.access) =>
    call('POST', path, { token, body, headers: { 'idempotency-key': key } })
  const register = (key: string, body: unknown) =>
    call('POST', '/api/register/', { body, headers: { 'idempotency-key': key } })
  const count = async () => ({
    users: await store.read.$count(users),
    events: await store.read.$count(auditEvents),
  })

  for (const [operationId, endpoint] of making) {
    await t.test(`201 ${operationId} is done once, and answered alike each time`, async (t) => {
      const body = bodyFor(endpoint)
      const first = await send(endpoint.path, operationId, body)
      t.equal(first.status, 201)
      t.notOk('idempotency-replayed' in first.headers)
      const after = await count()

      for (const again of [body, inOtherOrder(body), { ...body, not_a_member: 1 }]) {
        const answer = await send(endpoint.path, operationId, again)
        t.equal(answer.status, 201)
        t.equal(answer.headers['idempotency-replayed'], 'true')
        t.equal(answer.headers.location, first.headers.location)
        t.ok(answer.headers.location)
        t.same(answer.body, first.body)
      }
      t.same(await count(), after, 'nobody more, and nothing more in the trail')
    })
  }

  await t.test('200 bulk is done once: who signs in after it stays signed in', async (t) => {
    const { id } = await signUp('bulked')
    const path = '/api/users/bulk/end-sessions/'
    const first = await send(path, 'bulk', { ids: [id] })
    t.match(first, { status: 200, body: { results: [{ id, ok: true }] } })
    const body = { username: 'bulked', password }
    const { access } = (await call('POST', '/api/token/', { body })).body
    const again = await send(path, 'bulk', { ids: [id] })
    t.same(again.body, first.body)
    t.equal(again.headers['idempotency-replayed'], 'true')
    t.equal((await call('GET', '/api/users/me/', { token: access })).status, 200)
  })

  await t.test('201 the answer stays what it was, whatever becomes of the account', async (t) => {
    const body = newPerson()
    const first = await register('stays', body)
    const path = `/api/users/${first.body.id}/`
    await call('PATCH', path, { token: root.access, body: { first_name: 'Changed' } })
    t.same((await register('stays', body)).body, first.body)
    t.equal((await call('DELETE', path, { token: root.access })).status, 204)
    t.same((await register('stays', body)).body, first.body)
  })

  await t.test('201 after 24 hours the key is new: the same request is done again', async (t) => {
    const body = newPerson()
    const first = await register('a-day', body)
    await call('DELETE', `/api/users/${first.body.id}/`, { token: root.access })

    clock.advance(daySeconds - 1)
    await server.idempotency.prune()
    t.same((await register('a-day', body)).body, first.body)
    clock.advance(1)
    const anew = await register('a-day', body)
    t.equal(anew.status, 201)
    t.notOk('idempotency-replayed' in anew.headers)
    t.not(anew.body.id, first.body.id)
    clock.advance(-daySeconds)
  })

  await t.test('400 a key is 1 to 255 visible ASCII characters, sent once', async (t) => {
    const before = await count()
    for (const key of ['', 'two words', 'a'.repeat(256), 'ü', 'tab\tbed']) {
      const answer = await register(key, newPerson())
      t.equal(answer.status, 400)
      t.same(fieldCodes(answer), { 'Idempotency-Key': 'invalid' }, key)
    }
    const twice = { 'idempotency-key': ['one', 'two'] as unknown as string }
    const answer = await call('POST', '/api/register/', { body: newPerson(), headers: twice })
    t.same(fieldCodes(answer), { 'Idempotency-Key': 'invalid' })
    t.same(await count(), before)
    for (const key of ['!', '~'.repeat(255), '"in-quotes"']) {
      t.equal((await register(key, newPerson())).status, 201, key)
    }
  })

  await t.test('400, 401 and 403 leave the key free: nothing was done', async (t) => {
    const plain = await signUp()
    const body = newPerson()
    const before = await store.read.$count(idempotencyKeys)
    const key = 'refused'
    t.equal((await send('/api/users/', key, body, 'no token')).status, 401)
    t.equal((await send('/api/users/', key, body, plain.access)).status, 403)
    t.equal((await send('/api/users/', key, { ...body, email: 7 })).status, 400)
    t.same(fieldCodes(await send('/api/users/', key, { ...body, username: 'OTHER' })), {
      username: 'unique',
    })
    t.equal((await send('/api/users/', key, { ...body, password: 'short' })).status, 400)
    t.equal(await store.read.$count(idempotencyKeys), before)
    t.equal((await send('/api/users/', key, body)).status, 201)
  })

  await t.test('403 a right that was taken away is not given back by a key', async (t) => {
    const staff = await signUp('staff', { is_superuser: true })
    const body = newPerson()
    t.equal((await send('/api/users/', 'right', body, staff.access)).status, 201)
    const demotion = { token: root.access, body: { is_superuser: false } }
    await call('PATCH', `/api/users/${staff.id}/`, demotion)
    t.equal((await send('/api/users/', 'right', body, staff.access)).status, 403)
  })

  await t.test('422 the same key with another body, or another operation', async (t) => {
    const body = newPerson()
    const first = await send('/api/users/', 'mine', body)
    const before = await count()
    for (const [path, changed] of [
      ['/api/users/', { ...body, first_name: 'Eve' }],
      ['/api/users/', { ...body, password: `${password}2` }],
      ['/api/users/', newPerson()],
      ['/api/invitations/', body],
    ] as const) {
      const answer = await send(path, 'mine', changed)
      t.match(answer, { status: 422, body: { code: 'idempotency_mismatch', status: 422 } })
      t.notOk('location' in answer.headers)
    }
    t.same(await count(), before)
    t.same((await send('/api/users/', 'mine', body)).body, first.body)
  })

  await t.test('a key is the caller’s own: the same of somebody else is another', async (t) => {
    const one = await send('/api/users/', 'shared', newPerson())
    const two = await send('/api/users/', 'shared', newPerson(), other.access)
    const three = await register('shared', newPerson())
    t.same([one.status, two.status, three.status], [201, 201, 201])
    t.equal(new Set([one.body.id, two.body.id, three.body.id]).size, 3)
  })

  await t.test('without a key, each request is one of its own', async (t) => {
    const body = newPerson()
    t.equal((await call('POST', '/api/register/', { body })).status, 201)
    t.equal((await call('POST', '/api/register/', { body })).status, 400)
  })

  await t.test('no row tells the key, the body or the link that was answered', async (t) => {
    const { password: _, ...body } = newPerson()
    await store.write((tx) => tx.delete(idempotencyKeys))
    const { link } = (await send('/api/invitations/', 'the-key-itself', body)).body
    const rows = await store.read.select().from(idempotencyKeys)
    t.equal(rows.length, 1)
    const text = JSON.stringify(rows)
    const token = new URL(link.url).hash.slice(1)
    for (const secret of ['the-key-itself', body.username, 'example.com', token, root.id]) {
      t.notMatch(text, secret)
      t.notMatch(Buffer.from(rows[0]?.sealedAnswer ?? '', 'base64url').toString('latin1'), secret)
    }
  })

  await t.test('an answer that was moved to another key is not given', async (t) => {
    const [one, two] = [newPerson(), newPerson()]
    await store.write((tx) => tx.delete(idempotencyKeys))
    await register('one', one)
    const [row] = await store.read.select().from(idempotencyKeys)
    await register('two', two)
    const sealedAnswer = row?.sealedAnswer ?? ''
    await store.write((tx) => tx.update(idempotencyKeys).set({ sealedAnswer }))
    t.equal((await register('one', one)).status, 201)
    t.equal((await register('two', two)).status, 500)
  })

  await t.test('expired keys are deleted, however many, and no others', async (t) => {
    const repository = createIdempotencyRepository(store.tables)
    await store.write((tx) => tx.delete(idempotencyKeys))
    const body = newPerson()
    await register('lives', body)
    const now = clock.now().toISOString()
    await store.write(async (tx) => {
      for (let index = 0; index < 501; index += 1) {
        const claim = { keyHash: `old ${index}`, requestHash: '', claimId: '' }
        await repository.claim(tx, claim, now, now)
      }
    })
    t.equal(await server.idempotency.prune(), 501)
    t.equal(await store.read.$count(idempotencyKeys), 1)
    t.equal((await register('lives', body)).headers['idempotency-replayed'], 'true')
    t.equal(await store.read.$count(users, eq(users.username, body.username)), 1)
  })
})

function newPerson() {
  made += 1
  return { username: `person${made}`, email: `person${made}@example.com`, password }
}

/** The example of the contract, for somebody who does not exist yet. */
function bodyFor({ example }: Endpoint): Record<string, unknown> {
  const { username, email } = newPerson()
  return { ...example.body, username, email }
}

function inOtherOrder(body: Record<string, unknown>) {
  return Object.fromEntries(Object.entries(body).toReversed())
}
