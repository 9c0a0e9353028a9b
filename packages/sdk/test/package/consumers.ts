import type { Test } from 'tap'
import { createProject, type Project, packageOf } from './project.ts'

const consumer = `
import {
  type AuthChange, type CallError, createClient, createClientOf, cursorOf, isApiError, type User,
} from '@rollcall/sdk'
import { createQueries } from '@rollcall/sdk/query'
import { auth, users } from '@rollcall/sdk/resources'
import { createServerClient, createVerifier } from '@rollcall/sdk/server'

const client = createClient({ baseUrl: '', mode: 'cookie', onRequest: ({ headers }) => headers.set('a', 'b') })
export const me: Promise<User> = client.users.me()
// @ts-expect-error no such member
client.users.update('id', { nickname: 'a' })
const outcome = await client.users.get('id').safe()
if (!outcome.ok) outcome.error satisfies CallError
if (isApiError(outcome.error, 'users.get')) {
  switch (outcome.error.code) {
    case 'not_found': break
    default: outcome.error.code satisfies string
  }
}
client.auth.onChange((change: AuthChange) => change.state.user?.username)
for await (const page of client.users.list().pages()) cursorOf(page)
createClientOf({ auth, users }, { baseUrl: '' }).users.me()
createQueries(client).users.list({ search: 'a' }).queryKey
// @ts-expect-error writes are no queries
createQueries(client).users.update
createServerClient({ baseUrl: '', cookies: { get: () => undefined } }).users.me()
createVerifier({ issuer: '' }).verify('').then(({ sub }) => sub.length)
`

const reactConsumer = `
import { createClient } from '@rollcall/sdk'
import { RollcallProvider, SignedIn, useCan, useSession, useUser } from '@rollcall/sdk/react'
import { createElement } from 'react'

export function App() {
  const name: string | undefined = useUser()?.username
  const may: boolean = useCan('users.view')
  // @ts-expect-error no such permission
  useCan('users.fly')
  return createElement(SignedIn, null, name, String(may), useSession().status)
}
createElement(RollcallProvider, { client: createClient({ baseUrl: '' }) }, createElement(App))
`

const nodeConsumer = `
import { rollcall } from '@rollcall/sdk/fastify'
import { startTestServer } from '@rollcall/sdk/testing'
import Fastify from 'fastify'

const app = Fastify()
await app.register(rollcall, { issuer: '' })
app.get('/', { preHandler: app.requireUser }, async (request) => request.claims?.sub)
app.get('/all', { preHandler: app.requirePermission('users.view') }, async () => '')
const server = await startTestServer()
;(await server.signIn('alice')).users.me()
`

const cjsConsumer = `
import { createClient, isApiError } from '@rollcall/sdk'
import { users } from '@rollcall/sdk/resources'
export const name = createClient({ baseUrl: '' }).users.me().then(({ username }) => username)
export const isOne: boolean = isApiError(users)
`

const browser = { lib: ['ES2022', 'DOM'], types: [] }
export const node = { module: 'NodeNext', lib: ['ES2022'], types: ['node'] }

/** A project that uses all entries, in every way in which modules are found. */
export async function createConsumers(t: Test): Promise<Project> {
  const project = await createProject(t, ['react', '@types/react', 'fastify', '@types/node'])
  project.write('consumer.ts', consumer)
  project.write('react.ts', reactConsumer)
  project.write('node.ts', nodeConsumer)
  project.write('cjs.cts', cjsConsumer)
  return project
}

/** Proves that these compilers find nothing wrong. */
export async function testCompilers(t: Test, compilers: readonly string[]) {
  const project = await createConsumers(t)
  for (const compiler of compilers) {
    for (const [name, options] of Object.entries({
      node16: { module: 'Node16' },
      nodenext: { module: 'NodeNext' },
      bundler: { module: 'ESNext', moduleResolution: 'Bundler' },
    })) {
      await t.test(`its types hold under ${name} for ${version(compiler)}`, async (t) => {
        const files = ['consumer.ts', 'react.ts', ...(name === 'bundler' ? [] : ['cjs.cts'])]
        t.equal(project.compile(files, { ...browser, ...options }, compiler), '')
      })
    }
  }
}

function version(compiler: string): string {
  return packageOf(compiler).match(/typescript@([\d.]+)/)?.[0] ?? compiler
}
