import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { alone } from './lock.mjs'
import { mustSucceed, piped, root, startNode } from './processes.mjs'

/** The command line as it is built; `apps/server/src/cli.mjs` is the same from its sources. */
export const builtCli = join(root, 'apps/server/dist/cli.js')

/** What is built, and all that a build reads, besides the dependencies, which the lock file names. */
const builds = [
  {
    name: 'the admin panel',
    folder: 'apps/admin',
    program: ['node_modules/vite/bin/vite.js', 'build'],
    sources: [
      'apps/admin/src',
      'apps/admin/index.html',
      'apps/admin/package.json',
      'apps/admin/vite.config.ts',
      'packages/sdk/package.json',
      'packages/sdk/src',
      'pnpm-lock.yaml',
    ],
  },
  {
    name: 'the server',
    folder: 'apps/server',
    program: ['build.ts'],
    sources: [
      'apps/server/src',
      'apps/server/build.ts',
      'apps/server/package.json',
      'packages/contract/package.json',
      'packages/contract/src',
      'pnpm-lock.yaml',
    ],
  },
]

/** Builds what is served, unless the last build was of these very sources. */
export async function ensureBuilt() {
  for (const build of builds) {
    if (existsSync(join(root, build.folder))) await ensureOneBuilt(build)
  }
}

async function ensureOneBuilt({ name, folder, program, sources }) {
  const cwd = join(root, folder)
  const stampFile = join(cwd, 'dist/.built')
  const wanted = fingerprint(sources)
  const isBuilt = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted
  if (isBuilt()) return
  await alone(async () => {
    if (isBuilt()) return
    console.error(`Building ${name} ...`)
    await mustSucceed(
      startNode(program, { cwd, stdio: piped }),
      `Building ${name} failed; what was said is above.`,
    )
    writeFileSync(stampFile, wanted)
  })
}

function fingerprint(sources) {
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
