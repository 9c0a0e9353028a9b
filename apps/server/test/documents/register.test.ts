import { listEndpoints } from '@rollcall/contract'
import Fastify from 'fastify'
import t from 'tap'
import { parse } from 'yaml'
import { loadConfig } from '../../src/config.ts'
import { registerDocuments } from '../../src/documents/register.ts'

const publicUrl = 'https://accounts.rollcall.test'
const options = { publicUrl, config: loadConfig({}), version: '1.2.3', panel: false }

async function appWith({ swaggerUi = true } = {}) {
  const app = Fastify({ routerOptions: { ignoreTrailingSlash: true } })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('content-security-policy', "default-src 'none'; sandbox")
  })
  await registerDocuments(app, { ...options, swaggerUi })
  return app
}

const types = {
  '/': 'text/html; charset=utf-8',
  '/openapi.json': 'application/json; charset=utf-8',
  '/openapi.yaml': 'application/yaml; charset=utf-8',
  '/postman.json': 'application/json; charset=utf-8',
  '/handbook/': 'text/html; charset=utf-8',
  '/growing/': 'text/html; charset=utf-8',
  '/performance/': 'text/html; charset=utf-8',
  '/security/': 'text/html; charset=utf-8',
  '/set-password/': 'text/html; charset=utf-8',
  '/assets/docs/home.css': 'text/css; charset=utf-8',
  '/assets/docs/home-sections.css': 'text/css; charset=utf-8',
  '/assets/docs/home.js': 'text/javascript; charset=utf-8',
  '/assets/docs/security.css': 'text/css; charset=utf-8',
  '/assets/docs/set-password.css': 'text/css; charset=utf-8',
  '/assets/docs/set-password.js': 'text/javascript; charset=utf-8',
  '/assets/docs/icon.svg': 'image/svg+xml; charset=utf-8',
  '/docs/': 'text/html; charset=utf-8',
}

t.test('each document is served under its media type', async (t) => {
  const app = await appWith()
  for (const [url, type] of Object.entries(types)) {
    const { statusCode, headers } = await app.inject(url)
    t.equal(statusCode, 200, url)
    t.equal(headers['content-type'], type, url)
  }
})

t.test('the YAML says what the JSON says', async (t) => {
  const app = await appWith()
  const [json, yaml] = await Promise.all([app.inject('/openapi.json'), app.inject('/openapi.yaml')])
  t.same(parse(yaml.body), json.json())
  t.notMatch(yaml.body, /^\s*\S+: [&*]a\d/m)
})

t.test('a document that has not changed is not sent again', async (t) => {
  const app = await appWith()
  const { headers } = await app.inject('/openapi.json')
  t.equal(headers['cache-control'], 'no-cache')
  const again = await app.inject({
    url: '/openapi.json',
    headers: { 'if-none-match': headers.etag },
  })
  t.equal(again.statusCode, 304)
  t.equal(again.body, '')
})

t.test(
  'ASVS 3.4.3: pages bring a policy of their own, without anything inline; data keeps the strict one',
  async (t) => {
    const app = await appWith()
    for (const url of ['/', '/set-password/', '/docs/']) {
      const policy = String((await app.inject(url)).headers['content-security-policy'])
      t.match(policy, "default-src 'none'")
      t.match(policy, "script-src 'self';")
      t.match(policy, "style-src 'self';")
      t.match(policy, "frame-ancestors 'none'")
      t.notMatch(policy, /unsafe|upgrade-insecure-requests/)
    }
    const data = await app.inject('/openapi.json')
    t.equal(data.headers['content-security-policy'], "default-src 'none'; sandbox")
  },
)

t.test('/docs leads to /docs/, where the page finds its scripts', async (t) => {
  const app = await appWith()
  const { statusCode, headers } = await app.inject('/docs')
  t.equal(statusCode, 302)
  t.equal(headers.location, 'docs/')
  const { body } = await app.inject('/docs/')
  for (const [link, asset] of body.matchAll(/(?:src|href)="\.\/([^"]+)"/g)) {
    t.equal((await app.inject(`/docs/${asset}`)).statusCode, 200, link)
  }
})

t.test('Swagger UI is given every operation, at the address it was loaded from', async (t) => {
  const app = await appWith()
  const { paths, servers } = (await app.inject('/docs/json')).json()
  const ids = Object.values<Record<string, { operationId: string }>>(paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  )
  t.same(
    ids.sort(),
    listEndpoints()
      .map(([id]) => id)
      .sort(),
  )
  t.match(servers, [{ url: '../' }])
})

t.test('without Swagger UI nothing answers below /docs', async (t) => {
  const app = await appWith({ swaggerUi: false })
  t.equal((await app.inject('/docs/')).statusCode, 404)
  t.equal((await app.inject('/docs/json')).statusCode, 404)
})
