import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Endpoint, isStream, listEndpoints } from '@rollcall/contract'
import t from 'tap'
import { generate } from '../generate/generate.ts'
import { printReadme } from '../generate/readme.ts'
import { users } from '../src/auth.ts'
import { operations } from '../src/generated/operations.gen.ts'
import { createClient } from '../src/index.ts'
import * as parts from '../src/parts.ts'
import { createFakeServer, json } from './fake-server.ts'
import { packageDir } from './package/project.ts'

for (const { url, text } of [...generate(), printReadme()]) {
  t.test(`${url.pathname.split('/').at(-1)} is up to date`, async (t) => {
    t.ok(readFileSync(url, 'utf8') === text, 'run `pnpm --filter @rollcall/sdk generate`')
  })
}

t.test('api-report.gen.md is up to date', async (t) => {
  // The compiler does not start with the hooks that tap puts into every Node.
  const print = `import { printApiReport } from './generate/api-report.ts'
    process.stdout.write(printApiReport().text)`
  const given = ['NODE_OPTIONS=', process.execPath, '--input-type=module', '--eval', print]
  const text = execFileSync('env', given, { cwd: packageDir, encoding: 'utf8' })
  const report = readFileSync(join(packageDir, 'api-report.gen.md'), 'utf8')
  t.ok(report === text, 'run `pnpm --filter @rollcall/sdk generate`')
})

t.test('what `auth` calls is in the table, and the parts are its members', async (t) => {
  t.equal(users.me, operations.users.me)
  const { auth: _auth, ...rows } = parts
  t.same(rows, operations)
})

for (const [id, endpoint] of listEndpoints()) {
  t.test(`client.${id}() sends and gives back what the contract’s example says`, async (t) => {
    const { method, example, response } = endpoint
    const server = createFakeServer()
    const path = pathOf(endpoint)
    server.on(`${method} ${path}`, () => exampleAnswer(endpoint))
    const client = createClient({ baseUrl: 'http://rollcall.test', fetch: server.fetch })

    const answer = await callWithExample(client, id, endpoint)
    if (isStream(response[1])) t.ok(answer instanceof Response)
    else t.same(answer, example.response)

    const [request] = server.requests
    t.equal(request?.route, `${method} ${path}`)
    t.same(request?.body, example.body)
    t.same(Object.fromEntries(request?.url.searchParams ?? []), example.query ?? {})
  })
}

function exampleAnswer({ example, response: [status] }: Endpoint): Response {
  return example.response === undefined
    ? new Response(null, { status })
    : json(status, example.response)
}

function pathOf({ path, example }: Endpoint): string {
  return path.replace(/:(\w+)/g, (_, name) => encodeURIComponent(example.params?.[name] ?? ''))
}

function callWithExample(client: object, id: string, { body, query, example }: Endpoint) {
  const method = id.split('.').reduce((found: object, name) => Reflect.get(found, name), client)
  const given = Object.values(example.params ?? {}) as unknown[]
  if (body) given.push(example.body)
  if (query) given.push(example.query)
  return Reflect.apply(method as () => Promise<unknown>, undefined, given)
}
