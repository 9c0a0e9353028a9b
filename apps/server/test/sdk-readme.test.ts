import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import {
  createProject,
  type Project,
  packageDir,
} from '../../../packages/sdk/test/package/project.ts'
import { nextStub } from './support/next-stub.ts'
import { createServer as createRollcall, type TestServer } from './support/server.ts'

/** A piece of program of the README; its first line may name its file. */
interface Snippet {
  readonly file: string | undefined
  readonly text: string
}

const readme = readFileSync(join(packageDir, 'README.md'), 'utf8')
const snippets: Snippet[] = [...readme.matchAll(/```tsx?\n(?:\/\/ (\S+\.tsx?)\n)?(.*?)```/gs)].map(
  ([, file, text = '']) => ({ file, text }),
)

const packages = [
  ...['react', '@types/react', '@tanstack/react-query', 'fastify', 'express', '@types/express'],
  '@types/node',
]
const browser = { module: 'ESNext', moduleResolution: 'Bundler', jsx: 'react-jsx', types: [] }
const node = { module: 'NodeNext', types: ['node'] }

let server: TestServer
let project: Project

t.before(async () => {
  const url = `http://127.0.0.1:${await findFreePort()}`
  server = await createRollcall(t, { config: { publicUrl: url, audience: url } })
  await server.app.listen({ host: '127.0.0.1', port: Number(new URL(url).port) })
  project = await createProject(t, packages)
  for (const [name, text] of Object.entries(nextStub)) project.write(name, text)
  // The README’s server is this one.
  const here = (text: string) => text.replaceAll('http://127.0.0.1:8000', url)
  for (const { file, text } of snippets) if (file) project.write(file, here(text))
  const flow = snippets.filter(({ file }) => !file).map(({ text }) => here(text))
  project.write('flow.ts', flow.join('\n'))
})

t.test('what the README shows from its quick start on compiles and runs', async (t) => {
  t.equal(project.compile(['flow.ts'], { ...node, lib: ['ES2022', 'DOM'], types: [] }), '')
  t.match(await project.start('flow.ts'), /signed_in/)
})

t.test('the service of the README, and the tests of it, compile; and it runs', async (t) => {
  t.equal(project.compile(['service.ts', 'rollcall.test.ts'], node), '')
  const said = await project.start('service.ts')
  t.match(said, /POST token.create: 200/)
  t.match(said, 'alice may do 0 things.')
})

for (const file of ['express.ts', 'fastify.ts']) {
  t.test(`${file} of the README compiles, and lets through whom the server knows`, async (t) => {
    // What these packages themselves declare is not ours to check.
    t.equal(project.compile([file], { ...node, skipLibCheck: true }), '')
    const plain = await server.signUp()
    const root = await server.signUp(undefined, { is_superuser: true })
    project.write('ask.ts', asking(file, [undefined, plain.access, root.access]))
    const answers = JSON.parse(await project.start('ask.ts'))
    t.match(answers.orders, [
      { status: 401, body: { code: 'not_authenticated' } },
      { status: 200, body: { ordersOf: plain.id } },
      { status: 200, body: { ordersOf: root.id } },
    ])
    t.match(answers.reports, [
      { status: 401, body: { code: 'not_authenticated' } },
      { status: 403, body: { code: 'permission_denied' } },
      { status: 200 },
    ])
  })
}

/** Asks both routes of the application with each of the tokens. */
function asking(file: string, tokens: (string | undefined)[]): string {
  return `
    import { app } from './${file}'
    const server = 'server' in app ? (await app.listen({ port: 0 }), app.server) : app.listen(0)
    if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
    const ask = async (path: string, token: string | null) => {
      const headers = token ? { authorization: 'Bearer ' + token } : {}
      const url = 'http://localhost:' + server.address().port + path
      const response = await fetch(url, { headers })
      return { status: response.status, body: await response.json() }
    }
    const tokens = ${JSON.stringify(tokens)}
    const all = (path: string) => Promise.all(tokens.map((token) => ask(path, token)))
    console.log(JSON.stringify({ orders: await all('/orders'), reports: await all('/reports') }))
    process.exit()`
}

t.test('the component for TanStack Query compiles', async (t) => {
  project.write('client.ts', flowClient)
  t.equal(project.compile(['accounts.tsx'], { ...browser, lib: ['ES2022', 'DOM'] }), '')
})

const flowClient = `
  import { createClient } from '@rollcall/sdk'
  export const client = createClient({ baseUrl: '' })`

t.test('the site of the README keeps its visitor signed in', async (t) => {
  const files = ['proxy.ts', 'app/actions.ts', 'app/profile/page.tsx']
  t.equal(project.compile(files, { ...browser, lib: ['ES2022', 'DOM'] }), '')
  await server.signUp('visitor')
  project.write('visit.ts', visiting)
  await project.bundle('visit.ts', 'visit.mjs')
  t.same(JSON.parse(await project.start('visit.mjs')), {
    signedOut: '/sign-in',
    wrong: '/sign-in?failed',
    right: '/profile',
    profile: 'visitor',
    renewed: 'visitor',
    gone: '/sign-in',
    cookies: 0,
  })
})

/** Visits the site as a browser does; what Next.js renders may set no cookie. */
const visiting = `
  import { signIn, signOut } from './app/actions'
  import Profile from './app/profile/page'
  import { proxy } from './proxy'

  const next = { values: new Map(), isReadOnly: false }
  globalThis.next = next

  const act = async (work) => {
    next.isReadOnly = false
    return work().catch(({ url }) => url)
  }
  const show = async () => {
    next.isReadOnly = true
    return Profile().then(JSON.stringify, ({ url }) => url)
  }
  const nameIn = (page) => /"(visitor)"/.exec(page)?.[1] ?? page
  const form = (password) => {
    const data = new FormData()
    data.set('username', 'visitor')
    data.set('password', password)
    return data
  }
  const throughProxy = () => {
    next.isReadOnly = false
    const request = new Request('http://site.test/profile')
    const cookies = {
      get: (name) => next.values.has(name) ? { value: next.values.get(name) } : undefined,
      set: (name, value) => next.values.set(name, value),
    }
    return proxy(Object.assign(request, { cookies }))
  }

  const signedOut = await show()
  const wrong = await act(() => signIn(form('wrong-password')))
  const right = await act(() => signIn(form('correct-horse-battery')))
  const profile = nameIn(await show())
  // Five minutes later, by the clock of the site.
  const now = Date.now
  Date.now = () => now() + 299_000
  await throughProxy()
  const renewed = nameIn(await show())
  await act(signOut)
  const gone = await show()
  const cookies = next.values.size
  console.log(JSON.stringify({ signedOut, wrong, right, profile, renewed, gone, cookies }))`

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  return port
}
