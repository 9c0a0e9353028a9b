import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import type { Test } from 'tap'

const execute = promisify(execFile)

export const packageDir = fileURLToPath(new URL('../..', import.meta.url))
const rootDir = join(packageDir, '../..')

/** All that the package is made of. */
const sources = [
  'src',
  'generate/build.ts',
  'package.json',
  'README.md',
  'tsconfig.build.json',
  'tsconfig.build-node.json',
]

/** The package as it would be published; packed once for all tests of the same sources. */
export async function packSdk(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of sources.flatMap(filesIn)) {
    hash.update(`\0${file}\0`).update(readFileSync(join(packageDir, file)))
  }
  const folder = join(packageDir, 'node_modules/.cache')
  const tarball = join(folder, `sdk-${hash.digest('hex').slice(0, 16)}.tgz`)
  const { alone } = await import(join(rootDir, '.tools/lock.mjs'))
  // Files of tests run side by side, and packing builds in place.
  await alone(async () => {
    if (existsSync(tarball)) return
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const made = join(folder, 'new.tgz')
    runNode([join(rootDir, 'node_modules/pnpm/bin/pnpm.mjs'), 'pack', '--out', made], packageDir)
    renameSync(made, tarball)
  })
  return tarball
}

function filesIn(path: string): string[] {
  if (statSync(join(packageDir, path)).isFile()) return [path]
  return readdirSync(join(packageDir, path))
    .sort()
    .flatMap((name) => filesIn(join(path, name)))
}

export type Project = Awaited<ReturnType<typeof createProject>>

/** A project outside of the repository that has installed the packed SDK, and these packages. */
export async function createProject(t: Test, packages: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-sdk-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const installed = join(folder, 'node_modules/@rollcall/sdk')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', await packSdk(), '--strip-components=1', '-C', installed])
  for (const name of packages) link(name, folder)

  return {
    folder,
    installed,
    path: (...names: string[]) => join(folder, ...names),
    write(name: string, text: string) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    },
    /** What a program says when Node runs it. */
    run: (...given: string[]) => runNode(given, folder),
    /** The same, while this process goes on. */
    async start(...given: string[]): Promise<string> {
      const env = { ...process.env, NODE_OPTIONS: '' }
      const { stdout } = await execute(process.execPath, given, { cwd: folder, env })
      return stdout
    },
    /** One program of all that the entry imports, for Node. */
    async bundle(entry: string, outfile: string) {
      const [entryPoints, to] = [[join(folder, entry)], join(folder, outfile)]
      await build({ entryPoints, outfile: to, bundle: true, platform: 'node', format: 'esm' })
    },
    /** What the compiler complains of; nothing is left unchecked unless the options say so. */
    compile(files: readonly string[], options: object, compiler = 'typescript') {
      const checks = { strict: true, skipLibCheck: false, skipDefaultLibCheck: true }
      const strict = { ...checks, noEmit: true, target: 'ES2022' }
      const config = { files, compilerOptions: { ...strict, ...options } }
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
      try {
        return runNode([join(packageOf(compiler), 'bin/tsc'), '-p', '.'], folder)
      } catch (error) {
        return String((error as { stdout: string }).stdout)
      }
    },
  }
}

/** As if it were installed there. */
function link(name: string, folder: string) {
  const target = join(folder, 'node_modules', name)
  mkdirSync(dirname(target), { recursive: true })
  symlinkSync(packageOf(name), target)
}

/** Where a development dependency of the SDK, or of the repository, is. */
export function packageOf(name: string): string {
  const own = join(packageDir, 'node_modules', name)
  return realpathSync(existsSync(own) ? own : join(rootDir, 'node_modules', name))
}

/** Runs Node without the hooks that tap puts into every Node. */
function runNode(given: readonly string[], cwd: string): string {
  const command = ['NODE_OPTIONS=', process.execPath, ...given]
  return execFileSync('env', command, { cwd, encoding: 'utf8', stdio: 'pipe' })
}
