import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { alone } from './lock.mjs'
import { mustSucceed, pinnedNode, piped, root, start } from './processes.mjs'
import { filesOfPackages } from './workspace.mjs'

const stampFile = join(root, 'node_modules/.rollcall-installed')

/** Installs the locked dependencies, unless the last installation was of these very ones. */
export async function ensureInstalled() {
  const wanted = fingerprint()
  if (isInstalled(wanted)) return
  await alone(async () => {
    if (isInstalled(wanted)) return
    console.error('Installing dependencies ...')
    await install()
    writeFileSync(stampFile, wanted)
  })
}

/** All that an installation depends on, in one hash. */
function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  const own = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']
  for (const file of [...own, ...filesOfPackages('package.json')]) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

function isInstalled(wanted) {
  return (
    existsSync(pinnedNode) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted
  )
}

/** Runs the very pnpm of the catalog, for the very Node; what it says is shown when it fails. */
async function install() {
  const pnpm = `pnpm@${catalogVersion('pnpm')}`
  const forNode = `--config.node-version=${catalogVersion('node')}`
  await mustSucceed(
    start('npx', ['-y', pnpm, 'install', '--frozen-lockfile', forNode], {
      stdio: piped,
      shell: process.platform === 'win32',
    }),
    'Installing failed; what pnpm said is above.',
  )
}

function catalogVersion(name) {
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const version = workspace.match(new RegExp(`^  ${name}: (\\S+)$`, 'm'))?.[1]
  if (!version) throw new Error(`The catalog of pnpm-workspace.yaml has no version of ${name}.`)
  return version
}
