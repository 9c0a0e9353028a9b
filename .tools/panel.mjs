import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { alone } from './lock.mjs'
import { mustSucceed, piped, root, startNode } from './processes.mjs'

const panel = join(root, 'apps/admin')
const stampFile = join(panel, 'dist/.built')

/** All that the build reads, besides the dependencies, which the lock file names. */
const sources = [
  'apps/admin/src',
  'apps/admin/index.html',
  'apps/admin/package.json',
  'apps/admin/vite.config.ts',
  'packages/sdk/package.json',
  'packages/sdk/src',
  'pnpm-lock.yaml',
]

/** Builds the admin panel, unless the last build was of these very sources. */
export async function ensurePanelBuilt() {
  if (!existsSync(panel)) return
  const wanted = fingerprint()
  if (isBuilt(wanted)) return
  await alone(async () => {
    if (isBuilt(wanted)) return
    console.error('Building the admin panel ...')
    const vite = join(panel, 'node_modules/vite/bin/vite.js')
    await mustSucceed(
      startNode([vite, 'build'], { cwd: panel, stdio: piped }),
      'Building the admin panel failed; what Vite said is above.',
    )
    writeFileSync(stampFile, wanted)
  })
}

function fingerprint() {
  const hash = createHash('sha256').update(process.platform)
  for (const source of sources) {
    for (const file of filesOf(source)) {
      hash.update(`\0${file}\0`).update(readFileSync(join(root, file)))
    }
  }
  return hash.digest('hex')
}

/** A file itself, or all files below a folder, in an order that does not change. */
function filesOf(path) {
  if (statSync(join(root, path)).isFile()) return [path]
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort()
}

function isBuilt(wanted) {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted
}
