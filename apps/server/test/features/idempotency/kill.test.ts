import { isNotNull } from 'drizzle-orm'
import { createRollcall } from '../../commands/rollcall.ts'
import { startServing } from '../../commands/serving.ts'
import { openOn } from '../../db/stores.ts'
import { createDatabase, onEachDatabase } from '../../support/databases.ts'

const requests = 40

await onEachDatabase(async (t, database) => {
  await t.test(
    'after kill -9 every effect has its answer, and every answer its effect',
    async (t) => {
      const databaseUrl = await createDatabase(t, database)
      const rollcall = createRollcall(t, {
        ROLLCALL_DATABASE_URL: databaseUrl,
        ROLLCALL_LIMITS: 'off',
      })
      const acknowledged = new Map<number, string>()
      const killed = await startServing(rollcall)
      await Promise.all(
        Array.from({ length: requests }, async (_, index) => {
          const body = await register(killed.url, index)
            .then((answer) => (answer.status === 201 ? answer.text() : undefined))
            .catch(() => undefined)
          if (body === undefined) return
          acknowledged.set(index, body)
          if (acknowledged.size === requests / 4) await killed.stop('SIGKILL')
        }),
      )
      t.ok(acknowledged.size >= requests / 4)

      const store = await openOn(t, databaseUrl)
      const { users, idempotencyKeys } = store.tables
      const answered = isNotNull(idempotencyKeys.sealedAnswer)
      t.equal(
        await store.read.$count(idempotencyKeys, answered),
        await store.read.$count(users),
        'both, or neither',
      )

      const server = await startServing(rollcall)
      for (const [index, body] of acknowledged) {
        const answer = await register(server.url, index)
        t.equal(answer.headers.get('idempotency-replayed'), 'true')
        t.equal(await answer.text(), body)
      }
      t.equal(await server.stop(), 0)
    },
  )
})

function register(url: string, index: number): Promise<Response> {
  return fetch(`${url}/api/register/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `key-${index}` },
    body: JSON.stringify({
      username: `person${index}`,
      email: `person${index}@example.com`,
      password: 'correct-horse-battery',
    }),
  })
}
