import t from 'tap'
import {
  deriveKey,
  newId,
  newSigningKey,
  randomText,
  seal,
  signText,
  unseal,
  verifyText,
} from '../src/crypto.ts'

const key = deriveKey('a secret of the tests, long enough', 'tests')

t.test('ASVS 11.3.3: what is sealed opens unchanged, or not at all', async (t) => {
  const sealed = seal(key, 'a private key', 'key 1')
  t.equal(unseal(key, sealed, 'key 1'), 'a private key')
  t.throws(() => unseal(key, sealed, 'key 2'), 'under the context of another row')
  t.throws(() => unseal(deriveKey('another secret', 'tests'), sealed, 'key 1'))
  const bytes = Buffer.from(sealed, 'base64url')
  for (let index = 0; index < bytes.length; index += 1) {
    const changed = Buffer.from(bytes)
    changed[index] = (changed[index] ?? 0) ^ 1
    t.throws(() => unseal(key, changed.toString('base64url'), 'key 1'), `byte ${index}`)
  }
  t.throws(() => unseal(key, bytes.subarray(0, 20).toString('base64url'), 'key 1'))
})

t.test('ASVS 11.3.4: no nonce is used twice', async (t) => {
  const nonces = Array.from({ length: 10_000 }, () => seal(key, 'text', 'row').slice(0, 16))
  t.equal(new Set(nonces).size, nonces.length)
})

t.test('ASVS 11.2.3: a key for one purpose is none for another', async (t) => {
  const signed = signText(key, 'text')
  t.equal(verifyText(key, signed), 'text')
  t.equal(verifyText(deriveKey('a secret of the tests, long enough', 'other'), signed), undefined)
  t.equal(key.symmetricKeySize, 32)
})

t.test('ASVS 11.2.5: text that was not signed so is refused, never half believed', async (t) => {
  const signed = signText(key, 'text')
  const others = ['', 'a', signed.slice(1), `${signed}=`, `${signed} `, signText(key, '').slice(2)]
  for (const text of others) t.equal(verifyText(key, text), undefined, text)
})

t.test('ASVS 6.5.3, 11.5.1: secrets are long, random and never the same', async (t) => {
  const secrets = Array.from({ length: 10_000 }, () => randomText(32))
  t.equal(new Set(secrets).size, secrets.length)
  t.ok(secrets.every((secret) => Buffer.from(secret, 'base64url').length === 32))
  const ones = secrets.join('').match(/[A-Z]/g)?.length ?? 0
  t.ok(Math.abs(ones / (secrets.length * 43) - 26 / 64) < 0.01, 'every letter is as likely')
})

t.test('ASVS 11.3.2, 11.6.1: tokens are signed with Ed25519', async (t) => {
  const { x, d } = newSigningKey()
  t.equal(Buffer.from(x, 'base64url').length, 32)
  t.equal(Buffer.from(d, 'base64url').length, 32)
})

t.test('ids sort by when they were made, within a millisecond too', async (t) => {
  const ids = Array.from({ length: 20_000 }, newId)
  t.same(ids.toSorted(), ids)
  t.equal(new Set(ids).size, ids.length)
  for (const id of ids.slice(0, 100)) {
    t.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})
