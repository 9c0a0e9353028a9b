import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const packageDir = fileURLToPath(new URL('..', import.meta.url))
const modulesDir = fileURLToPath(new URL('../../../node_modules', import.meta.url))

const consumer = `
import { createClient, isApiError } from '@rollcall/sdk'

const client = createClient({
  baseUrl: 'http://rollcall.test',
  fetch: async (url) => new Response(JSON.stringify({ username: url })),
})
const { username } = await client.users.me()
// @ts-expect-error no such member
await client.users.update('id', { nickname: 'a' })
if (isApiError(username)) throw username
console.log(username)
`

// Outside of the repository, where nothing else can be found.
const project = mkdtempSync(join(tmpdir(), 'rollcall-sdk-'))
const installed = join(project, 'node_modules/@rollcall/sdk')
t.teardown(() => rmSync(project, { recursive: true }))

t.before(() => {
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(project, 'consumer.ts'), consumer)
  writeFileSync(join(project, 'readme.ts'), snippetsOf(join(packageDir, 'README.md')))
  const pnpm = join(modulesDir, 'pnpm/bin/pnpm.mjs')
  run([pnpm, 'pack', '--out', join(project, 'sdk.tgz')], packageDir)
  run([pnpm, 'add', '--offline', '--store-dir', '.store', './sdk.tgz'], project)
})

t.test('the package depends on nothing, and knows nothing of how it was made', async (t) => {
  const { dependencies, exports } = JSON.parse(read('package.json'))
  t.equal(dependencies, undefined)
  t.equal(exports['.'].default, './dist/index.js')
  for (const file of readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' })) {
    if (/\.(js|ts)$/.test(file)) t.notMatch(read('dist', file), /typebox|@rollcall\/contract/)
  }
})

const browser = ['--lib', 'ES2022,DOM', '--types', '']
const node = ['--lib', 'ES2022', '--types', 'node', '--typeRoots', join(modulesDir, '@types')]

for (const [name, options] of Object.entries({
  'nodenext, in Node': ['--module', 'NodeNext', ...node],
  'nodenext, in a browser': ['--module', 'NodeNext', ...browser],
  'bundler, in a browser': ['--module', 'ESNext', '--moduleResolution', 'Bundler', ...browser],
})) {
  t.test(`its types hold under ${name}`, async (t) => {
    t.equal(compile('consumer.ts', options), '')
  })
}

t.test('what the README shows compiles', async (t) => {
  t.equal(compile('readme.ts', ['--module', 'NodeNext', ...browser]), '')
})

t.test('it runs', async (t) => {
  t.equal(run(['consumer.ts'], project), 'http://rollcall.test/api/users/me/\n')
})

function compile(file: string, options: string[]): string {
  const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'ES2022']
  try {
    return run([join(modulesDir, 'typescript/bin/tsc'), file, ...strict, ...options], project)
  } catch (error) {
    return String((error as { stdout: string }).stdout)
  }
}

/** What the program says when Node runs it, without the hooks that tap puts into every Node. */
function run(given: string[], cwd: string): string {
  const command = ['NODE_OPTIONS=', process.execPath, ...given]
  return execFileSync('env', command, { cwd, encoding: 'utf8', stdio: 'pipe' })
}

function read(...path: string[]): string {
  return readFileSync(join(installed, ...path), 'utf8')
}

/** The TypeScript of a Markdown file, in one module: each snippet goes on where the last ended. */
function snippetsOf(file: string): string {
  return [...readFileSync(file, 'utf8').matchAll(/```ts\n(.*?)```/gs)]
    .map(([, code]) => code)
    .join('\n')
}
