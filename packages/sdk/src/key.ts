/** A key that nobody else has: 128 random bits, where the platform has any to give. */
export function newKey(): string | undefined {
  return globalThis.crypto?.getRandomValues(new Uint32Array(4)).join('-')
}
