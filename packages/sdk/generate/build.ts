import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packageDir = fileURLToPath(new URL('..', import.meta.url))
const dist = join(packageDir, 'dist')

/** What differs between ES modules and CommonJS. */
const formats = {
  esm: [],
  cjs: ['--module', 'CommonJS', '--moduleResolution', 'Bundler', '--verbatimModuleSyntax', 'false'],
}

rmSync(dist, { recursive: true, force: true })
for (const [format, options] of Object.entries(formats)) build(join(dist, format), options)
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

/** The compiler renames what is imported in programs, and not in declarations. */
function renameImports(file: string) {
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(/(from |import\()(['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1$2.js$3'))
}
