import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const packageDir = fileURLToPath(new URL('..', import.meta.url))

/**
 * All that the package declares, without its comments: what changes here changes for its users,
 * and is to be looked at as that.
 */
export function printApiReport() {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-api-'))
  try {
    for (const project of ['tsconfig.build.json', 'tsconfig.build-node.json']) {
      compile(project, folder)
    }
    const entries = Object.values<string>(readPackage().exports)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file.replace('./src/', '').replace(/\.ts$/, '.d.ts')))
    const files = [...reachable(entries)].map((file) => print(file, folder))
    const url = new URL('../api-report.gen.md', import.meta.url)
    return { url, text: `${notice}\n${files.join('\n')}` }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const notice = `# What @rollcall/sdk declares

Made by \`pnpm --filter @rollcall/sdk generate\`, to be read whenever it changes.
`

function compile(project: string, folder: string) {
  const tsc = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(
    'package.json',
    'bin/tsc',
  )
  const given = ['-p', project, '--outDir', folder, '--emitDeclarationOnly']
  execFileSync(process.execPath, [tsc, ...given, '--sourceMap', 'false', '--removeComments'], {
    cwd: packageDir,
  })
}

function readPackage() {
  return JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8'))
}

/** The declarations that a user can come by, in the order in which they are met. */
function reachable(entries: readonly string[], found = new Set<string>()): Set<string> {
  for (const entry of entries) {
    if (found.has(entry)) continue
    found.add(entry)
    const imports = readFileSync(entry, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)['"]/g)
    const files = [...imports].map(([, path = '']) => resolve(entry, '..', path))
    reachable(
      files.map((file) => file.replace(/\.ts$/, '.d.ts')),
      found,
    )
  }
  return found
}

function print(file: string, folder: string): string {
  const name = relative(folder, file).replace('.d.ts', '')
  return `## ${name}\n\n\`\`\`ts\n${readFileSync(file, 'utf8').trim()}\n\`\`\`\n`
}
