import { createHasher, type HasherSettings } from './hasher.ts'
import { createPolicy, type PolicySettings } from './policy.ts'

export type Passwords = Awaited<ReturnType<typeof createPasswords>>

/** All that is done with passwords: judged when new, hashed, and verified. */
export async function createPasswords(settings: HasherSettings & PolicySettings) {
  return { ...createPolicy(settings), ...(await createHasher(settings)) }
}
