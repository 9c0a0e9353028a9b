import { listEndpoints } from '@rollcall/contract'
import { createClient } from '@rollcall/sdk'
import t from 'tap'
import { createServer } from './support/server.ts'

const ids = listEndpoints().map(([operationId]) => operationId)

t.test('routes, document, SDK, collection and index list the same operations', async (t) => {
  const { app, call } = await createServer(t)
  await app.ready()
  t.same(routesOf(app.printRoutes({ commonPrefix: false })), expectedRoutes(), 'routes')

  const document = (await call('GET', '/openapi.json')).body
  const documented = Object.values<Record<string, { operationId: string }>>(document.paths)
    .flatMap((path) => Object.values(path))
    .map(({ operationId }) => operationId)
  t.same(documented.sort(), ids.toSorted(), 'OpenAPI')

  const collection = (await call('GET', '/postman.json')).body
  const collected = collection.item
    .flatMap(({ item }: { item: { name: string }[] }) => item)
    .map(({ name }: { name: string }) => name.split(':')[0])
  t.same(collected.sort(), ids.toSorted(), 'Postman')

  t.same(Object.keys((await call('GET', '/api/')).body), ids, 'index')

  const client: Record<string, unknown> = { ...createClient({ baseUrl: 'http://rollcall.test' }) }
  for (const operationId of ids) t.type(memberOf(client, operationId), 'function', operationId)
})

function memberOf(client: Record<string, unknown>, operationId: string): unknown {
  return operationId
    .split('.')
    .reduce<unknown>((group, key) => (group as Record<string, unknown>)[key], client)
}

function expectedRoutes(): string[] {
  return listEndpoints()
    .map(([, { method, path }]) => `${method} ${path.replace(/\/$/, '')}`)
    .sort()
}

/** Fastify prints a tree: `│   ├── /token (POST)` stands below `├── api (GET, HEAD)`. */
function routesOf(printed: string): string[] {
  const parents: string[] = []
  const routes = printed.matchAll(/^([│ ]*)[├└]── (\S+) \((.+)\)$/gm)
  return [...routes]
    .flatMap(([, indent = '', part = '', methods = '']) => {
      const depth = indent.length / 4
      const path = (parents[depth - 1] ?? '') + part
      parents.splice(depth, parents.length, path)
      if (!/^\/(api|\.well-known|healthz|readyz)/.test(path)) return []
      const named = methods.split(', ').filter((method) => method !== 'HEAD')
      return named.map((method) => `${method} ${path}`)
    })
    .sort()
}
