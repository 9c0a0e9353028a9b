import t, { type Test } from 'tap'
import { createVerifier, type VerifierOptions } from '../src/server/index.ts'
import { createFakeServer, json, problem } from './fake-server.ts'
import { me } from './sign-in.ts'

const issuer = 'http://rollcall.test'
const jwks = 'GET /.well-known/jwks.json'

/** A server that publishes keys, and signs whatever it is told to. */
async function createIssuer(options: Partial<VerifierOptions> = {}) {
  const server = createFakeServer()
  const clock = { now: 1_000_000_000_000 }
  const keys = [await createKey('k1')]
  server.on(jwks, () => json(200, { keys: keys.map(({ jwk }) => jwk) }))
  const verifier = createVerifier({
    issuer,
    fetch: server.fetch,
    now: () => clock.now,
    ...options,
  })
  const nowSeconds = () => clock.now / 1_000
  const claimsNow = () => ({
    iss: issuer,
    aud: issuer,
    sub: 'u1',
    sid: 's1',
    jti: 'j1',
    iat: nowSeconds(),
    exp: nowSeconds() + 300,
    auth_time: nowSeconds(),
    token_type: 'access',
  })

  /** A token as the server makes them, but for what is given. */
  async function sign(claims: object = {}, header: object = {}, key = keys[0]) {
    const head = { alg: 'EdDSA', typ: 'at+jwt', kid: key?.jwk.kid, ...header }
    const signed = `${encode(head)}.${encode({ ...claimsNow(), ...claims })}`
    if (!key) throw new Error('no key')
    const bytes = await crypto.subtle.sign('Ed25519', key.privateKey, Buffer.from(signed))
    return `${signed}.${Buffer.from(bytes).toString('base64url')}`
  }

  return { server, clock, keys, verifier, sign }
}

async function createKey(kid: string) {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('no pair')
  const { x } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  const jwk = { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' }
  return { jwk, privateKey: pair.privateKey }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

async function refuses(t: Test, verified: Promise<unknown>, what: string) {
  await t.rejects(verified, { name: 'ApiError', code: 'token_not_valid' }, what)
}

t.test('a token of the server gives its claims, without a call for each', async (t) => {
  const { server, verifier, sign } = await createIssuer()
  const token = await sign()
  t.match(await verifier.verify(token), { sub: 'u1', sid: 's1', iss: issuer, aud: issuer })
  await Promise.all(Array.from({ length: 50 }, () => verifier.verify(token)))
  t.equal(server.requests.length, 1)
})

t.test('thirty tokens at once ask for the keys once', async (t) => {
  const { server, verifier, sign } = await createIssuer()
  const token = await sign()
  await Promise.all(Array.from({ length: 30 }, () => verifier.verify(token)))
  t.equal(server.count(jwks), 1)
})

t.test('claims that are missing, wrong or of another type are refused', async (t) => {
  const { verifier, sign, clock } = await createIssuer()
  const seconds = clock.now / 1_000
  for (const claims of [
    { iss: 'http://other.test' },
    { aud: 'http://other.test' },
    { aud: [issuer] },
    { token_type: 'refresh' },
    { exp: seconds },
    { exp: String(seconds + 300) },
    { iat: seconds + 61 },
    ...['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'auth_time', 'token_type'].map((name) => ({
      [name]: undefined,
    })),
  ]) {
    await refuses(t, verifier.verify(await sign(claims)), JSON.stringify(claims))
  }
})

t.test('another algorithm, type or extension is refused', async (t) => {
  const { verifier, sign } = await createIssuer()
  for (const header of [
    { alg: 'none' },
    { alg: 'HS256' },
    { alg: 'ES256' },
    { typ: 'JWT' },
    { typ: undefined },
    { kid: undefined },
    { kid: 1 },
    { crit: ['exp'] },
  ]) {
    await refuses(t, verifier.verify(await sign({}, header)), JSON.stringify(header))
  }
})

t.test('what is not signed by the key that it names is refused', async (t) => {
  const { verifier, sign, keys } = await createIssuer()
  const stranger = await createKey('k1')
  await refuses(t, verifier.verify(await sign({}, {}, stranger)), 'by a stranger')
  const [head, , signature] = (await sign()).split('.')
  const forged = encode({ sub: 'u2' })
  await refuses(t, verifier.verify(`${head}.${forged}.${signature}`), 'with other claims')
  await refuses(t, verifier.verify(`${head}.${forged}.`), 'without a signature')
  t.equal(keys.length, 1)
})

t.test('a token has one spelling', async (t) => {
  const { verifier, sign } = await createIssuer()
  const token = await sign()
  const last = token.at(-1) ?? ''
  const other = { A: 'B', Q: 'R', g: 'h', w: 'x' }[last]
  for (const spelling of [`${token}=`, ` ${token}`, `${token}\n`, token.slice(0, -1) + other]) {
    await refuses(t, verifier.verify(spelling), JSON.stringify(spelling.slice(-3)))
  }
  for (const text of ['', '.', '..', 'a.b.c', 'x'.repeat(100_000), '\u0000']) {
    await refuses(t, verifier.verify(text), 'what is no token')
  }
})

t.test(
  'a token is good until it expires, and its issuer’s clock may be a minute ahead',
  async (t) => {
    const { verifier, sign, clock } = await createIssuer()
    const token = await sign({ iat: clock.now / 1_000 + 60 })
    await verifier.verify(token)
    clock.now += 299_999
    await verifier.verify(token)
    clock.now += 1
    await refuses(t, verifier.verify(token), 'then no more')
  },
)

t.test('a new key is found, and a withdrawn one refused after five minutes', async (t) => {
  const { server, verifier, sign, clock, keys } = await createIssuer()
  const old = keys[0]
  await verifier.verify(await sign())
  const next = await createKey('k2')
  keys.splice(0, 1, next)

  clock.now += 10_000
  await verifier.verify(await sign({}, {}, next))
  t.equal(server.count(jwks), 2)
  await refuses(t, verifier.verify(await sign({}, {}, old)), 'withdrawn')

  const unaware = await createIssuer()
  await unaware.verifier.verify(await unaware.sign())
  const withdrawn = unaware.keys[0]
  unaware.keys.splice(0, 1, next)
  unaware.clock.now += 300_000
  await refuses(t, unaware.verifier.verify(await unaware.sign({}, {}, withdrawn)), 'in time')
})

t.test('made-up names of keys do not make it ask over and over', async (t) => {
  const { server, verifier, sign, clock } = await createIssuer()
  for (let count = 0; count < 100; count += 1) {
    await refuses(t, verifier.verify(await sign({}, { kid: `made-up-${count}` })), 'unknown')
  }
  t.equal(server.count(jwks), 1)
  clock.now += 10_000
  await refuses(t, verifier.verify(await sign({}, { kid: 'made-up' })), 'unknown')
  t.equal(server.count(jwks), 2)
})

t.test('without the keys nothing is accepted, and it is no refusal of the token', async (t) => {
  const { server, verifier, sign } = await createIssuer()
  server.on(jwks, () => Promise.reject(new TypeError('fetch failed')))
  await t.rejects(verifier.verify(await sign()), { name: 'NetworkError' })
})

t.test('the header field is read as RFC 6750 says', async (t) => {
  const { verifier, sign } = await createIssuer()
  const token = await sign()
  t.equal((await verifier.verifyHeader(`Bearer ${token}`)).sub, 'u1')
  t.equal((await verifier.verifyHeader(`bearer  ${token}`)).sub, 'u1')
  for (const header of [undefined, null, '', 'Bearer', 'Bearer ', token, `Basic ${token}`]) {
    await t.rejects(verifier.verifyHeader(header), { status: 401, code: 'not_authenticated' })
  }
})

t.test('checkSession asks the server whether the session still lives', async (t) => {
  const { server, verifier, sign } = await createIssuer({ checkSession: true })
  const token = await sign()
  server.on(me, () => json(200, { username: 'alice', permissions: [] }))
  await verifier.verify(token)
  t.equal(server.requests.at(-1)?.headers.get('authorization'), `Bearer ${token}`)
  server.on(me, () => problem(401, 'token_not_valid'))
  await refuses(t, verifier.verify(token), 'signed out')
})

t.test('a permission is asked of the server, for a token that is genuine', async (t) => {
  const { server, verifier, sign } = await createIssuer()
  server.on(me, () => json(200, { username: 'alice', permissions: ['users.view'] }))
  const header = `Bearer ${await sign()}`
  t.equal((await verifier.requirePermission(header, 'users.view')).username, 'alice')
  await t.rejects(verifier.requirePermission(header, 'users.delete'), {
    status: 403,
    code: 'permission_denied',
  })
  const asked = server.count(me)
  await t.rejects(verifier.requirePermission('Bearer x', 'users.view'), { code: 'token_not_valid' })
  t.equal(server.count(me), asked, 'of a forged one nothing is asked')
})

t.test('issuer, audience and address may differ', async (t) => {
  const { verifier, sign, server } = await createIssuer({
    issuer: 'https://accounts.example.com',
    audience: 'shop',
    baseUrl: issuer,
  })
  const claims = { iss: 'https://accounts.example.com', aud: 'shop' }
  t.equal((await verifier.verify(await sign(claims))).sub, 'u1')
  t.equal(server.requests[0]?.url.origin, issuer)
  await refuses(t, verifier.verify(await sign()), 'of another')
})
