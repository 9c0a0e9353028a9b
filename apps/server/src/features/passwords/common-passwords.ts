import { readFile } from 'node:fs/promises'
import { sha256 } from '../../crypto.ts'
import { once } from '../../once.ts'

/**
 * Common passwords, English words and names: the beginnings of their digests, in order. As text
 * they would take twenty times the memory.
 */
export const commonPasswordsUrl = new URL('./common-passwords.gen.bin', import.meta.url)

/** Of each digest so much is kept that one in a billion other passwords is taken for one of them. */
const digestBytes = 6

const read = once(() => readFile(commonPasswordsUrl))

/** Whether a password, in canonical form, is among those that are tried first. */
export async function isCommonPassword(password: string): Promise<boolean> {
  return holds(await read(), digestOf(password))
}

/** What the file holds for passwords in canonical form; for the generator. */
export function packPasswords(passwords: Iterable<string>): Buffer {
  const digests = [...new Set(passwords)].map(digestOf)
  return Buffer.concat(digests.sort((left, right) => left.compare(right)))
}

function holds(digests: Buffer, digest: Buffer): boolean {
  let [low, high] = [0, digests.length / digestBytes]
  while (low < high) {
    const middle = (low + high) >>> 1
    const start = middle * digestBytes
    const order = digest.compare(digests, start, start + digestBytes)
    if (order === 0) return true
    if (order < 0) high = middle
    else low = middle + 1
  }
  return false
}

function digestOf(password: string): Buffer {
  return Buffer.from(sha256(password).slice(0, 2 * digestBytes), 'hex')
}
