import { bearer } from '../api.ts'
import { median } from '../statistics.ts'
import { measureHashes } from './ceilings.ts'
import { type Figures, measureLoad, medianOf } from './load.ts'
import { measurePaced } from './paced.ts'
import { signInTogether } from './scenarios.ts'
import type { Row } from './speed.ts'
import type { Stage } from './stage.ts'

const readsPerSecond = 500

/** Reads at a steady pace while as many people as possible sign in. */
export async function measureMeanwhile(
  stage: Stage,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<Row[]> {
  const { url } = stage.server
  const paths = stage.accounts.map(({ id, access }) => ({
    url: `${url}/api/users/${id}/`,
    headers: bearer(access),
  }))
  const reads: Figures[] = []
  const signIns: Figures[] = []
  const hashes: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const [read, signedIn] = await Promise.all([
      measurePaced(paths, readsPerSecond, seconds),
      measureLoad(await signInTogether(stage, url), seconds),
    ])
    reads.push(read)
    signIns.push(signedIn)
    hashes.push(await measureHashes(seconds))
  }
  return [
    { name: `${readsPerSecond} reads a second meanwhile`, ...medianOf(reads), aim: { p99Ms: 15 } },
    { name: '  sign-ins then', ...medianOf(signIns), ceilingPerSecond: median(hashes) },
  ]
}
