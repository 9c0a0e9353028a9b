import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { createServer } from '../support/server.ts'
import {
  encode,
  foreignKey,
  macToken,
  readToken,
  signingKeyOf,
  signToken,
} from './access-token-forger.ts'
import { createRefusals } from './refusals.ts'

const server = await createServer(t)
const alice = await server.signUp('alice')
const { header, claims } = readToken(alice.access)
const { key, publicKey, row } = await signingKeyOf(server)

const show = (token: string) => server.call('GET', '/api/users/me/', { token })

/** Tokens that must be refused by an endpoint and by the one that checks tokens. */
function createForgeries() {
  const refusals = createRefusals()

  async function refuse(label: string, token: string) {
    refusals.expect(label, await show(token), 'token_not_valid')
    const verified = await server.call('POST', '/api/token/verify/', { body: { token } })
    refusals.expect(`${label}, verified`, verified, 'token_not_valid')
  }

  return { refuse, assert: refusals.assert }
}

async function accept(t: Test, label: string, token: string) {
  t.equal((await show(token)).status, 200, label)
}

t.test('ASVS 9.1.2: a token is verified by the one algorithm, whatever it says', async (t) => {
  const { refuse, assert } = createForgeries()
  const foreign = foreignKey()
  await accept(t, 'the forger makes good tokens', signToken(header, claims, key))

  const signed = `${encode({ ...header, alg: 'none' })}.${encode(claims)}`
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null]) {
    await refuse(`alg ${alg}`, `${encode({ ...header, alg })}.${encode(claims)}.`)
    await refuse(`alg ${alg}, signed`, signToken({ ...header, alg }, claims, key))
  }
  await refuse('alg none without the last dot', signed)
  await refuse('no signature', `${encode(header)}.${encode(claims)}.`)
  for (const alg of ['HS256', 'HS512', 'EdDSA']) {
    const forged = { ...header, alg }
    await refuse(`${alg} by the public key`, macToken(forged, claims, publicKey))
    await refuse(`${alg} by its text`, macToken(forged, claims, publicKey.trim()))
    await refuse(`${alg} by nothing`, macToken(forged, claims, ''))
  }
  for (const alg of ['ES256', 'RS256', 'PS256', 'Ed25519', 'eddsa', ['EdDSA']]) {
    await refuse(`alg ${alg}`, signToken({ ...header, alg }, claims, key))
  }
  const { alg: _alg, ...noAlg } = header
  await refuse('no alg', signToken(noAlg, claims, key))
  await refuse('the key of somebody else', signToken(header, claims, foreign.key))
  assert(t, 50)
})

t.test('ASVS 9.1.3: keys come from our own table alone, by kid', async (t) => {
  const { refuse, assert } = createForgeries()
  const { key: own, jwk } = foreignKey()
  let hits = 0
  const bait = createHttpServer((_request, response) => {
    hits += 1
    response.end(JSON.stringify({ keys: [{ ...jwk, kid: row.id, alg: 'EdDSA', use: 'sig' }] }))
  })
  await new Promise<void>((resolve) => bait.listen(0, '127.0.0.1', resolve))
  t.teardown(() => bait.close())
  const url = `http://127.0.0.1:${(bait.address() as AddressInfo).port}/jwks.json`

  for (const extra of [
    { jku: url },
    { x5u: url },
    { jwk },
    { x5c: ['MIIB'] },
    { jku: url, jwk, kid: url },
    { crit: ['exp'] },
    { crit: ['x'], x: 1 },
    { b64: false, crit: ['b64'] },
    { zip: 'DEF' },
    { cty: 'JWT' },
  ]) {
    await refuse(JSON.stringify(extra), signToken({ ...header, ...extra }, claims, own))
    await refuse(`${JSON.stringify(extra)}, own`, signToken({ ...header, ...extra }, claims, key))
  }
  const { kid: _kid, ...noKid } = header
  await refuse('no kid', signToken(noKid, claims, key))
  const kids = ['', 'x', null, 1, [row.id], `${row.id} `, row.id.toUpperCase(), '../../dev/null']
  for (const kid of [...kids, "' OR 1=1--", '__proto__', 'a'.repeat(2_000)]) {
    await refuse(`kid ${kid}`, signToken({ ...header, kid }, claims, key))
  }
  assert(t, 60)
  t.equal(hits, 0, 'nothing is fetched')
})

t.test(
  'ASVS 6.8.2, 7.2.1, 9.1.1: a changed token, and another spelling of one, is refused',
  async (t) => {
    const { refuse, assert } = createForgeries()
    const { signature, signed } = readToken(alice.access)
    const bytes = Buffer.from(signature, 'base64url')
    for (let index = 0; index < bytes.length; index += 1) {
      const forged = Buffer.from(bytes)
      forged[index] = (forged[index] ?? 0) ^ 1
      await refuse(`byte ${index} of the signature`, `${signed}.${forged.toString('base64url')}`)
    }
    for (const [name, value] of Object.entries(claims)) {
      const other = typeof value === 'number' ? value + 1 : `${value}x`
      const changed = `${encode(header)}.${encode({ ...claims, [name]: other })}.${signature}`
      await refuse(`${name} changed`, changed)
    }
    await refuse('cut off', alice.access.slice(0, -2))
    await refuse('longer', `${alice.access}AA`)
    await refuse('padded', `${alice.access}==`)
    await refuse('a fourth part', `${alice.access}.x`)
    await refuse('an empty part', alice.access.replace('.', '..'))
    await refuse(
      'the header spaced',
      `${encode(JSON.stringify(header, null, 1))}.${signed.split('.')[1]}.${signature}`,
    )
    const last = signature.at(-1) ?? ''
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const spelled = alphabet[alphabet.indexOf(last) + 1]
    await refuse('spare bits set', `${signed}.${signature.slice(0, -1)}${spelled}`)
    const standard = signature.replaceAll('-', '+').replaceAll('_', '/')
    if (standard !== signature) await refuse('base64', `${signed}.${standard}`)
    await accept(t, 'the token itself', alice.access)
    assert(t, 160)
  },
)

t.test('an access token refreshes nothing, and a refresh token opens nothing', async (t) => {
  const { call } = server
  const refusals = createRefusals()
  refusals.expect('refresh as access', await show(alice.refresh), 'token_not_valid')
  const refreshed = await call('POST', '/api/token/refresh/', { body: { refresh: alice.access } })
  refusals.expect('access as refresh', refreshed, 'token_not_valid')
  const out = await call('POST', '/api/logout/', {
    token: alice.access,
    body: { refresh: alice.access },
  })
  refusals.expect('access to sign out', out, 'validation_failed', 'refresh=invalid')
  refusals.assert(t, 3)
  await accept(t, 'nothing has happened', alice.access)
})

t.test('ASVS 9.2.1, 9.2.2, 9.2.3: every claim must be there, and right', async (t) => {
  const { refuse, assert } = createForgeries()
  const now = Number(claims.iat)
  for (const name of Object.keys(claims)) {
    const { [name]: _missing, ...rest } = claims
    await refuse(`no ${name}`, signToken(header, rest, key))
    await refuse(`${name} null`, signToken(header, { ...claims, [name]: null }, key))
    await refuse(`${name} an object`, signToken(header, { ...claims, [name]: {} }, key))
  }
  const wrong: Record<string, unknown[]> = {
    iss: ['http://evil.test', 'http://rollcall.test/', '', ['http://rollcall.test']],
    aud: ['http://staging.test', '', [], ['http://staging.test']],
    exp: [now, now - 1, 0, -1, `${now + 300}`, true],
    iat: [now + 61, now + 3_600, 'now'],
    nbf: [now + 3_600, 'now'],
    token_type: ['refresh', 'id', '', 'Access'],
    sid: ['', 'x', alice.id, [claims.sid], "' OR 1=1--"],
    sub: [1],
  }
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const label = `${name} ${JSON.stringify(value)}`
      await refuse(label, signToken(header, { ...claims, [name]: value }, key))
    }
  }
  for (const typ of ['JWT', 'jwt', '', null, undefined, 'application/jwt', 'dpop+jwt']) {
    await refuse(`typ ${typ}`, signToken({ ...header, typ }, claims, key))
  }
  for (const payload of ['', 'null', '[]', '"a"', '{', '1', '\ud800']) {
    await refuse(`payload ${payload}`, signToken(header, payload, key))
  }
  assert(t, 100)

  await accept(
    t,
    'a little ahead of our clock',
    signToken(header, { ...claims, iat: now + 59 }, key),
  )
  server.clock.advance(299)
  await accept(t, 'in the last second', alice.access)
  server.clock.advance(1)
  await refuse('expired', alice.access)
})
