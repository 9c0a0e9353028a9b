import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  hkdfSync,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  randomFillSync,
  randomInt,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { v7 } from 'uuid'
import { systemClock } from './clock.ts'

/** The one module of the server for randomness and cryptography. */

let newestMs = 0
let sequence = 0

/**
 * A new id: a UUIDv7, so that ids sort by when they were made; those of one process also within
 * a millisecond, by a counter that starts at random (RFC 9562, section 6.2).
 */
export function newId(): string {
  const random = takeRandom(16)
  const now = systemClock.now().getTime()
  if (now > newestMs) {
    newestMs = now
    sequence = random.readUInt32BE() >>> 1
  } else sequence += 1
  return v7({ random, msecs: newestMs, seq: sequence })
}

/**
 * An id of some seconds ago: whatever has an older one was committed or given up since. What is
 * written at the same moment may be seen in another order than that of its ids, and nobody waits
 * for a lock any longer.
 */
export function settledId(): string {
  const msecs = systemClock.now().getTime() - settledAfterMs
  return v7({ random: new Uint8Array(16), msecs, seq: 0 })
}

const settledAfterMs = 3_000

/** The name of a request in answers and logs: only unique. */
export function newRequestId(): string {
  return randomUUID()
}

/** Fetched in bulk: a call of the generator costs more than the bytes. */
const pool = Buffer.alloc(4_096)
let taken = pool.length

function takeRandom(length: number): Buffer {
  if (taken + length > pool.length) {
    randomFillSync(pool)
    taken = 0
  }
  taken += length
  return pool.subarray(taken - length, taken)
}

/** Random text of the given strength, in base64url. */
export function randomText(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}

/** A random whole number from 0 on, below the limit. */
export function randomBelow(limit: number): number {
  return randomInt(limit)
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The SHA-256 of a file of any size. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** A secret key, kept where JavaScript cannot print it. */
export type Key = KeyObject

/** A key of 32 bytes for one purpose, derived from the server's secret (RFC 5869). */
export function deriveKey(secret: string, purpose: string): Key {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'rollcall', purpose, 32)))
}

export function hmac(key: Key, data: string | Buffer): Buffer {
  return createHmac('sha256', key).update(data).digest()
}

/** Compares in a time that tells nothing of the contents. */
export function equalBytes(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}

const nonceLength = 12
const tagLength = 16

/** Encrypts and authenticates with AES-256-GCM; `context` must be the same to open it. */
export function seal(key: Key, text: string, context: string): string {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** Opens what `seal` made; throws when the key, the context or the text is another. */
export function unseal(key: Key, sealed: string, context: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const nonce = bytes.subarray(0, nonceLength)
  const tag = bytes.subarray(nonceLength, nonceLength + tagLength)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  decipher.setAAD(Buffer.from(context)).setAuthTag(tag)
  const text = decipher.update(bytes.subarray(nonceLength + tagLength))
  return Buffer.concat([text, decipher.final()]).toString('utf8')
}

/** A new Ed25519 key pair as a JWK (RFC 8037): `x` is public, `d` private. */
export function newSigningKey(): { x: string; d: string } {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { x, d }: JsonWebKey = privateKey.export({ format: 'jwk' })
  if (!x || !d) throw new Error('The key pair has no x or d')
  return { x, d }
}

/** The same key pair in PEM, which JWT libraries read. */
export function toPem({ x, d }: { x: string; d: string }): {
  privateKey: string
  publicKey: string
} {
  const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', x, d }, format: 'jwk' })
  return {
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
  }
}

const signatureLength = 16

/** Text that only this server can have made, in base64url. */
export function signText(key: Key, text: string): string {
  const bytes = Buffer.from(text)
  return Buffer.concat([hmac(key, bytes).subarray(0, signatureLength), bytes]).toString('base64url')
}

/** What `signText` was given, or `undefined` for text that this server has not made. */
export function verifyText(key: Key, signed: string): string | undefined {
  const bytes = Buffer.from(signed, 'base64url')
  const text = bytes.subarray(signatureLength)
  const signature = bytes.subarray(0, signatureLength)
  const isOurs = equalBytes(hmac(key, text).subarray(0, signatureLength), signature)
  return isOurs && bytes.toString('base64url') === signed ? text.toString() : undefined
}
