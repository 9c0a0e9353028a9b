import {
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import type { TestServer } from '../support/server.ts'

type Part = Record<string, unknown>

/** The three parts of a token, read. */
export function readToken(token: string) {
  const [header = '', claims = '', signature = ''] = token.split('.')
  const parse = (part: string): Part => JSON.parse(Buffer.from(part, 'base64url').toString())
  return { header: parse(header), claims: parse(claims), signature, signed: `${header}.${claims}` }
}

/** A token of any content, signed with any key. */
export function signToken(header: unknown, claims: unknown, key: KeyObject): string {
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`
}

/** A token whose signature is a MAC, for a server that would take a public key for its secret. */
export function macToken(header: unknown, claims: unknown, secret: string | Buffer): string {
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

export function encode(part: unknown): string {
  const text = typeof part === 'string' ? part : JSON.stringify(part)
  return Buffer.from(text).toString('base64url')
}

/** The key that the server signs with. */
export async function signingKeyOf({ keys }: Pick<TestServer, 'keys'>) {
  const [key] = await keys.open()
  if (!key) throw new Error('The server has no key')
  return { ...key, key: createPrivateKey(key.privateKey) }
}

/** A key that the server has never seen. */
export function foreignKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { key: privateKey, jwk: publicKey.export({ format: 'jwk' }) }
}
