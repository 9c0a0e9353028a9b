import { pino } from 'pino'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { systemClock } from '../../src/clock.ts'
import { loadConfig } from '../../src/config.ts'
import { openStore } from '../../src/db/store.ts'
import { createConsoleMailer } from '../../src/mailer.ts'
import { createDatabase } from '../support/databases.ts'
import { password } from '../support/server.ts'
import { exchange } from './sockets.ts'

/** The application with its log kept. */
async function createLogging(t: Test) {
  const store = await openStore(await createDatabase(t, 'sqlite'))
  await store.migrate(() => new Date().toISOString())
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) })
  const publicUrl = 'http://rollcall.test'
  const secret = 'a secret of the tests, long enough'
  const config = { ...loadConfig({}), publicUrl, audience: publicUrl, secret }
  const mailer = createConsoleMailer(logger, 'production')
  const { app } = await buildApp({ config, store, clock: systemClock, mailer, logger })
  t.teardown(async () => {
    await app.close()
    await store.close()
  })
  return { app, store, lines }
}

t.test('ASVS 16.2.5: no password, token or other secret ever stands in the log', async (t) => {
  const { app, store, lines } = await createLogging(t)
  const headers = { 'content-type': 'application/json' }
  const post = (url: string, payload: unknown, authorization = '') =>
    app.inject({
      method: 'POST',
      url,
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
      headers: { ...headers, ...(authorization && { authorization }) },
    })

  const account = { username: 'alice', email: 'alice@example.com', password }
  await post('/api/register/', account)
  await post('/api/register/', account)
  await post('/api/token/', { username: 'alice', password: 'planted-wrong' })
  await post('/api/token/', `{"username":"alice","password":planted-unquoted}`)
  await post('/api/token/', `{"username":"alice","password":"planted-cut-off`)
  await post('/api/token/', `planted-text`)
  await app.inject({ method: 'POST', url: '/api/token/?password=planted-query', payload: account })
  await app.inject({ url: '/nowhere?token=planted-unknown' })
  await app.inject({ url: '/api/users/', headers: { cookie: 'planted-cookie' } })
  const tokens = (await post('/api/token/', { username: 'alice', password })).json()
  const bearer = `Bearer ${tokens.access}`
  await app.inject({ url: '/api/users/me/', headers: { authorization: bearer } })
  await app.inject({ url: '/api/users/me/', headers: { authorization: `${bearer}planted-bad` } })
  const change = { current_password: 'planted-current', new_password: 'planted-new-secret' }
  await post('/api/password/change/', change, bearer)
  await post('/api/token/refresh/', { refresh: `${tokens.refresh}planted-refresh` })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  await exchange(url, `GET / HTTP/1.1\r\nAuthorization: Bearer planted-malformed\r\nX : a\r\n\r\n`)

  const [row] = await store.read.select().from(store.tables.users)

  const log = lines.join('')
  t.ok(lines.length >= 15, `${lines.length} lines`)
  t.notMatch(log, 'planted-')
  for (const secret of [password, tokens.access, tokens.refresh, row?.passwordHash ?? 'none']) {
    t.notOk(log.includes(secret), secret.slice(0, 12))
  }
  t.notMatch(log, /argon2id|Bearer |rcr_/)
})

t.test(
  'ASVS 16.2.1, 16.3.2: each request leaves one line: who, what, when, from where',
  async (t) => {
    const { app, lines } = await createLogging(t)
    const before = lines.length
    const { headers } = await app.inject({ url: '/api/users/me/', remoteAddress: '192.0.2.7' })
    t.equal(lines.length, before + 1)
    t.match(JSON.parse(lines.at(-1) ?? ''), {
      reqId: headers['x-request-id'],
      operation: 'users.me',
      method: 'GET',
      path: '/api/users/me/',
      ip: '192.0.2.7',
      status: 401,
      code: 'not_authenticated',
    })
  },
)

t.test(
  'ASVS 16.2.4, 16.4.1: nothing that a caller sends can start a line of its own',
  async (t) => {
    const { app, lines } = await createLogging(t)
    await app.inject({
      url: '/api/users/%0a%7b%22level%22:60%7d/',
      headers: { 'user-agent': '{"a"}' },
    })
    for (const line of lines) {
      t.equal(line.trimEnd().split('\n').length, 1)
      t.type(JSON.parse(line).level, 'number')
    }
  },
)
