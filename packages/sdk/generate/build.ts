import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as bundle } from 'esbuild'

const packageDir = fileURLToPath(new URL('..', import.meta.url))
const dist = join(packageDir, 'dist')

/** What differs between ES modules and CommonJS. */
const formats = {
  esm: [],
  cjs: ['--module', 'CommonJS', '--moduleResolution', 'Bundler', '--verbatimModuleSyntax', 'false'],
}

rmSync(dist, { recursive: true, force: true })
for (const [format, options] of Object.entries(formats)) build(join(dist, format), options)
await bundleEntries(join(dist, 'esm'))
// The package is of ES modules but for this folder.
writeFileSync(join(dist, 'cjs/package.json'), '{ "type": "commonjs" }\n')

/** Two programs, so that nothing of Node gets into what runs in browsers too. */
function build(folder: string, options: string[]) {
  const tsc = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(
    'package.json',
    'bin/tsc',
  )
  for (const project of ['tsconfig.build.json', 'tsconfig.build-node.json']) {
    const given = [tsc, '-p', project, '--outDir', folder, ...options]
    execFileSync(process.execPath, given, { cwd: packageDir, stdio: 'inherit' })
  }
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.d.ts')) renameImports(join(folder, file))
  }
}

/** One file for each entry, and what they share: each file more takes half a millisecond to import. */
async function bundleEntries(folder: string) {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (/\.js(\.map)?$/.test(file)) rmSync(join(folder, file))
  }
  const { exports } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8'))
  const entries = Object.values<string>(exports).filter((path) => path.endsWith('.ts'))
  await bundle({
    entryPoints: entries.map((path) => join(packageDir, path)),
    outbase: join(packageDir, 'src'),
    outdir: folder,
    chunkNames: 'shared/[hash]',
    ...{ bundle: true, splitting: true, format: 'esm', packages: 'external', target: 'es2022' },
    ...{ sourcemap: true, sourcesContent: false },
  })
}

/** The compiler renames what is imported in programs, and not in declarations. */
function renameImports(file: string) {
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(/(from |import\()(['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1$2.js$3'))
}
