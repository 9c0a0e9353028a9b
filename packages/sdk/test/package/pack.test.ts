import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import t from 'tap'
import { createProject, type Project, packageOf, packSdk } from './project.ts'

let project: Project
t.before(async () => {
  project = await createProject(t, ['react', 'fastify'])
})

const entries = ['', '/resources', '/react', '/query', '/server', '/fastify', '/testing']

t.test('publint and are-the-types-wrong find nothing to complain of', async (t) => {
  const tarball = await packSdk()
  t.match(lint('publint', 'src/cli.js', tarball), /All good!/)
  t.match(lint('@arethetypeswrong/cli', 'dist/index.js', tarball), /No problems found/)
})

function lint(name: string, program: string, tarball: string): string {
  const given = ['NODE_OPTIONS=', process.execPath, join(packageOf(name), program), tarball]
  return execFileSync('env', given, { encoding: 'utf8', stdio: 'pipe' })
}

t.test('it is packed under 150 kB', async (t) => {
  t.ok(statSync(await packSdk()).size < 150_000, `${statSync(await packSdk()).size} bytes`)
})

t.test('it depends on nothing, and knows nothing of how it was made', async (t) => {
  const { dependencies, peerDependenciesMeta, sideEffects } = JSON.parse(read('package.json'))
  t.equal(dependencies, undefined)
  t.equal(sideEffects, false)
  t.same(peerDependenciesMeta, { fastify: { optional: true }, react: { optional: true } })
  for (const file of filesIn('dist')) {
    if (/\.(js|ts)$/.test(file)) t.notMatch(read(file), /typebox|@rollcall\/contract/)
  }
})

t.test('every program leads to its source, which is there', async (t) => {
  const programs = filesIn('dist').filter((file) => file.endsWith('.js'))
  t.ok(programs.length > 30)
  for (const program of programs) {
    const { sources } = JSON.parse(read(`${program}.map`))
    for (const source of sources) {
      t.ok(existsSync(resolve(project.installed, dirname(program), source)))
    }
  }
})

t.test('only the entries for Node know Node', async (t) => {
  const nodeOnly = filesIn('dist').filter((file) =>
    /from ['"]node:|require\("node:/.test(read(file)),
  )
  t.same(nodeOnly.sort(), ['dist/cjs/testing/index.js', 'dist/esm/testing/index.js'])
})

t.test('every entry can be imported and required, and ends the process by itself', async (t) => {
  for (const entry of entries) {
    project.write('import.mjs', `console.log(Object.keys(await import('@rollcall/sdk${entry}')))`)
    project.write('require.cjs', `console.log(Object.keys(require('@rollcall/sdk${entry}')))`)
    t.match(project.run('import.mjs'), /\w/)
    t.match(project.run('require.cjs'), /\w/)
  }
})

t.test('importing it changes nothing and begins nothing', async (t) => {
  project.write(
    'import.mjs',
    `
    const before = Reflect.ownKeys(globalThis).length
    globalThis.fetch = () => { throw new Error('sent') }
    for (const entry of ${JSON.stringify(entries)}) await import('@rollcall/sdk' + entry)
    const resources = process.getActiveResourcesInfo().filter((name) => !/Pipe|TTY/.test(name))
    console.log(Reflect.ownKeys(globalThis).length - before, resources)`,
  )
  t.equal(project.run('import.mjs'), '0 []\n')
})

t.test('a copy of each format knows the errors of the other', async (t) => {
  project.write(
    'both.mjs',
    `
    import { createRequire } from 'node:module'
    import * as esm from '@rollcall/sdk'
    const cjs = createRequire(import.meta.url)('@rollcall/sdk')
    const fetch = async () => Response.json({ code: 'not_found' }, { status: 404 })
    const error = await esm.createClient({ baseUrl: '', fetch }).users.get('1').catch((e) => e)
    console.log(error instanceof cjs.ApiError, cjs.isApiError(error, 'not_found'))`,
  )
  t.equal(project.run('both.mjs'), 'false true\n')
})

function filesIn(folder: string): string[] {
  return readdirSync(join(project.installed, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => statSync(join(project.installed, file)).isFile())
}

function read(file: string): string {
  return readFileSync(join(project.installed, file), 'utf8')
}
