import type { TokenPair } from '@rollcall/contract'
import pg from 'pg'
import { createDatabase, onEachDatabase } from '../support/databases.ts'
import { createRollcall } from './rollcall.ts'
import { startServing } from './serving.ts'

const account = {
  username: 'alice',
  email: 'alice@example.com',
  password: 'correct-horse-battery',
}

await onEachDatabase(async (t, database) => {
  const databaseUrl = await createDatabase(t, database)
  const rollcall = createRollcall(t, { ROLLCALL_DATABASE_URL: databaseUrl })
  const { url, said, stop } = await startServing(rollcall, { ROLLCALL_LOG_LEVEL: 'trace' })
  const post = (path: string, body: unknown, token = '') =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    })

  const { username, password } = account
  t.equal((await post('/api/register/', account)).status, 201)
  const signedIn = await post('/api/token/', { username, password })
  const tokens = (await signedIn.json()) as TokenPair
  t.equal((await post('/api/token/', { username, password: `${password}!` })).status, 401)
  t.equal((await post('/api/token/refresh/', tokens)).status, 200)
  t.equal((await post('/api/logout/', tokens, tokens.access)).status, 205)

  if (database === 'postgres') {
    await breakTable(databaseUrl)
    const other = { ...account, username: 'bob', email: 'bob@example.com' }
    const answer = await post('/api/register/', other)
    t.equal(answer.status, 500)
    t.notMatch(await answer.text(), /42703|address|argon2id/, 'the caller is told nothing of it')
  }
  await stop()

  await t.test('the log holds no password, token or address, however much is logged', async (t) => {
    for (const secret of [password, tokens.access, tokens.refresh, 'argon2id', '@example.com']) {
      t.notMatch(said.stdout, secret)
    }
  })

  await t.test('every line of the log is JSON', async (t) => {
    for (const line of said.stdout.trim().split('\n')) t.type(JSON.parse(line).msg, 'string')
  })

  if (database === 'postgres') {
    await t.test('a statement that failed is told by its code', async (t) => {
      t.match(said.stdout, '"code":"42703"')
    })
  }
})

/** No account can be made any more. */
async function breakTable(databaseUrl: string) {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('ALTER TABLE users DROP COLUMN address')
  await client.end()
}
