import { listEndpoints } from '@rollcall/contract'
import { parseSetCookie } from 'cookie'
import { onEachDatabase } from '../../support/databases.ts'
import { createServer, fieldCodes, password } from '../../support/server.ts'

const name = '__Host-rollcall_refresh'
const friend = 'https://app.example.com'
const page = { origin: 'http://rollcall.test', 'x-rollcall-csrf': '1' }

await onEachDatabase(async (t, database) => {
  const server = await createServer(t, { database, config: { corsOrigins: friend } })
  const { call, signUp, clock, store } = server
  await signUp('alice')

  const signIn = (headers: Record<string, string> = {}) =>
    call('POST', '/api/token/', {
      body: { username: 'alice', password, transport: 'cookie' },
      headers,
    })
  const cookieOf = ({ headers }: { headers: Record<string, unknown> }) =>
    parseSetCookie(String(headers['set-cookie']))
  const open = async () => {
    const answer = await signIn()
    return { access: answer.body.access as string, cookie: `${name}=${cookieOf(answer).value}` }
  }
  const refresh = (headers: Record<string, string>) =>
    call('POST', '/api/token/refresh/', { body: {}, headers })
  const status = async (token: string) => (await call('GET', '/api/users/me/', { token })).status

  await t.test('ASVS 3.3.1 to 3.3.5: the cookie is for this host and for no script', async (t) => {
    const answer = await signIn()
    t.equal(answer.status, 200)
    t.equal(answer.body.refresh, null)
    const { value, ...rest } = cookieOf(answer)
    t.same(rest, {
      ...{ name, path: '/', httpOnly: true, secure: true, sameSite: 'strict' },
      maxAge: 14 * 86_400,
    })
    t.match(value, /^rcr_/)
    t.ok(String(answer.headers['set-cookie']).length < 4_096)
    t.equal(await status(answer.body.access), 200)
  })

  await t.test('without it asked for, no cookie is set', async (t) => {
    const answer = await call('POST', '/api/token/', { body: { username: 'alice', password } })
    t.equal(answer.headers['set-cookie'], undefined)
    t.match(answer.body.refresh, /^rcr_/)
  })

  await t.test('a refusal sets none either', async (t) => {
    const body = { username: 'alice', password: 'wrong', transport: 'cookie' }
    const answer = await call('POST', '/api/token/', { body })
    t.equal(answer.status, 401)
    t.equal(answer.headers['set-cookie'], undefined)
  })

  await t.test('ASVS 7.2.4: signing in again ends the session of the cookie before', async (t) => {
    const { access, cookie } = await open()
    const again = await signIn({ cookie, origin: page.origin })
    t.equal(again.status, 200)
    t.equal(await status(access), 401)
    t.equal((await refresh({ ...page, cookie })).status, 401)
    const forged = await signIn({ cookie: `${name}=rcr_made-up`, origin: page.origin })
    t.equal(forged.status, 200, 'what names no session ends none')
    t.equal(await status(again.body.access), 200)
  })

  await t.test('a wrong password ends no session', async (t) => {
    const { access, cookie } = await open()
    const body = { username: 'alice', password: 'wrong', transport: 'cookie' }
    const headers = { cookie, origin: page.origin }
    t.equal((await call('POST', '/api/token/', { body, headers })).status, 401)
    t.equal(await status(access), 200)
    await signIn()
  })

  await t.test('200 renews by the cookie, and spends it', async (t) => {
    const { cookie } = await open()
    clock.advance(60)
    const answer = await refresh({ ...page, cookie })
    t.equal(answer.status, 200)
    t.equal(answer.body.refresh, null)
    const next = cookieOf(answer)
    t.not(`${name}=${next.value}`, cookie)
    t.equal(next.maxAge, 14 * 86_400)
    clock.advance(11)
    t.equal((await refresh({ ...page, cookie })).status, 401, 'it was spent')
  })

  await t.test('pages of a configured origin may, by the same rules', async (t) => {
    const { cookie } = await open()
    const headers = { ...page, origin: friend, 'sec-fetch-site': 'same-site', cookie }
    const answer = await refresh(headers)
    t.equal(answer.status, 200)
    t.equal(answer.headers['access-control-allow-origin'], friend)
    t.equal(answer.headers['access-control-allow-credentials'], 'true')
  })

  await t.test('ASVS 3.5.1: 403 for what a page of another site can send', async (t) => {
    const { cookie, access } = await open()
    const { origin, 'x-rollcall-csrf': csrf } = page
    const forgeries: Record<string, string>[] = [
      { origin },
      { origin, 'x-rollcall-csrf': '0' },
      { 'x-rollcall-csrf': csrf },
      { ...page, origin: 'https://evil.example' },
      { ...page, origin: 'null' },
      { ...page, origin: 'http://rollcall.test.evil.example' },
      { ...page, origin: 'https://rollcall.test' },
      { ...page, 'sec-fetch-site': 'cross-site' },
    ]
    for (const headers of forgeries) {
      const answer = await refresh({ ...headers, cookie })
      t.equal(answer.status, 403, JSON.stringify(headers))
      t.equal(answer.body.code, 'permission_denied')
      t.equal(answer.headers['set-cookie'], undefined)
      const left = await call('POST', '/api/logout/', {
        token: access,
        body: {},
        headers: { ...headers, cookie },
      })
      t.equal(left.status, 403)
    }
    t.equal(await status(access), 200, 'the session goes on')
    t.equal((await refresh({ ...page, cookie })).status, 200, 'and nothing was spent')
  })

  await t.test('ASVS 7.6.2: no other site signs somebody in by cookie', async (t) => {
    const before = await store.read.$count(store.tables.sessions)
    const others: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ]
    for (const headers of others) {
      const answer = await signIn(headers)
      t.equal(answer.status, 403)
      t.equal(answer.headers['set-cookie'], undefined)
    }
    t.equal(await store.read.$count(store.tables.sessions), before)
    t.equal((await signIn({ origin: page.origin, 'sec-fetch-site': 'same-origin' })).status, 200)
  })

  await t.test(
    'ASVS 14.3.1: signing out deletes the cookie and what pages have kept',
    async (t) => {
      const { cookie, access } = await open()
      const headers = { ...page, cookie }
      const answer = await call('POST', '/api/logout/', { token: access, body: {}, headers })
      t.equal(answer.status, 205)
      t.match(cookieOf(answer), { name, value: '', maxAge: 0, path: '/', secure: true })
      t.equal(answer.headers['clear-site-data'], '"cookies", "storage"')
      t.equal(await status(access), 401)
      t.equal((await refresh(headers)).status, 401)
    },
  )

  await t.test('signing out of the others keeps the cookie', async (t) => {
    const { cookie, access } = await open()
    const headers = { ...page, cookie }
    const body = { scope: 'others' }
    const answer = await call('POST', '/api/logout/', { token: access, body, headers })
    t.equal(answer.status, 205)
    t.equal(answer.headers['set-cookie'], undefined)
    t.equal((await refresh(headers)).status, 200)
  })

  await t.test('a token in the body goes before the cookie, and is answered there', async (t) => {
    const { cookie } = await open()
    const body = { username: 'alice', password }
    const pair = (await call('POST', '/api/token/', { body })).body
    const answer = await call('POST', '/api/token/refresh/', {
      body: { refresh: pair.refresh },
      headers: { cookie },
    })
    t.equal(answer.status, 200)
    t.match(answer.body.refresh, /^rcr_/)
    t.equal(answer.headers['set-cookie'], undefined)
    t.equal((await refresh({ ...page, cookie })).status, 200, 'the cookie was not spent')
  })

  await t.test('400 without a token; 401 for a page that has no cookie', async (t) => {
    const nothing = await refresh({})
    t.equal(nothing.status, 400)
    t.same(fieldCodes(nothing), { refresh: 'required' })
    t.equal((await refresh(page)).status, 401)
    t.equal((await refresh({ ...page, cookie: `${name}=rubbish` })).status, 401)
  })

  await t.test('ASVS 3.5.2: the cookie opens no other endpoint', async (t) => {
    const { cookie } = await open()
    for (const [operationId, { access, method, path }] of listEndpoints()) {
      if (access.kind === 'anyone') continue
      const answer = await call(method, path.replace(':id', 'x'), {
        headers: { ...page, cookie },
        ...(method !== 'GET' && { body: {} }),
      })
      t.equal(answer.status, 401, operationId)
    }
    const body = { token: '' }
    const answer = await call('POST', '/api/token/verify/', { body, headers: { ...page, cookie } })
    t.equal(answer.status, 401)
  })
})
