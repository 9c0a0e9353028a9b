import { spawn } from 'node:child_process'
import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { hash, verify } from '@node-rs/argon2'
import { findFreePort, type RunningProcess, stop, untilReady } from '../processes.ts'
import { argon2Cost, seededPassword } from '../seed/seed.ts'

const program = fileURLToPath(new URL('ceiling-process.ts', import.meta.url))

/** Starts the practical ceiling of reads: it accepts the tokens of the server. */
export async function startReadCeiling(
  databasePath: string,
  serverUrl: string,
): Promise<RunningProcess> {
  const port = await findFreePort()
  const publicKey = await fetchPublicKey(serverUrl)
  const child = spawn(process.execPath, [program, databasePath, publicKey, String(port)], {
    stdio: 'inherit',
  })
  const url = `http://127.0.0.1:${port}`
  await untilReady(child, `${url}/readyz`)
  return { url, pid: child.pid ?? 0, stop: () => stop(child) }
}

async function fetchPublicKey(serverUrl: string): Promise<string> {
  const response = await fetch(`${serverUrl}/.well-known/jwks.json`)
  const { keys } = (await response.json()) as { keys: JsonWebKey[] }
  const [key] = keys
  if (!key) throw new Error('The server has no key')
  return createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()
}

/** Hashes verified per second with every core at work and nothing else to do. */
export async function measureHashes(seconds: number): Promise<number> {
  const stored = await hash(seededPassword, argon2Cost)
  const startedAt = performance.now()
  const endsAt = startedAt + seconds * 1_000
  let done = 0
  async function verifyUntilTheEnd() {
    while (performance.now() < endsAt) {
      await verify(stored, seededPassword)
      done += 1
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, verifyUntilTheEnd))
  return (done * 1_000) / (performance.now() - startedAt)
}
