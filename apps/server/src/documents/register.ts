import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { sha256 } from '../crypto.ts'
import { once } from '../once.ts'
import type { HomeOptions } from './home.ts'
import { registerPanel } from './panel.ts'
import { registerReports, reportingEndpoints, reportTo } from './reports.ts'

export interface DocumentsOptions extends HomeOptions {
  /** Where the built panel is; the folder of this repository unless given. */
  readonly panelFolder?: string | undefined
}

/** Serves the documents of the API: each is derived from the contract when it is first needed. */
export async function registerDocuments(app: FastifyInstance, options: DocumentsOptions) {
  const openApi = once(async () => (await import('./openapi.ts')).openApiDocument(options))
  const pages: Record<string, () => Promise<string>> = {
    '/': async () => (await import('./home.ts')).homePage(options),
    '/handbook/': async () => (await import('./handbook.ts')).handbookPage(),
    '/growing/': async () => (await import('./growing.ts')).growingPage(),
    '/performance/': async () => (await import('./performance.ts')).performancePage(),
    '/security/': async () => (await import('./security.ts')).securityPage(),
  }
  for (const [path, make] of Object.entries(pages)) {
    serve(app, { path, type: 'text/html', make, policy: policyWith() })
  }
  const resources: Resource[] = [
    {
      path: '/set-password/',
      type: 'text/html',
      make: async () => (await import('./set-password.ts')).setPasswordPage(),
      policy: policyWith("connect-src 'self'"),
    },
    {
      path: '/openapi.json',
      type: 'application/json',
      make: async () => JSON.stringify(await openApi(), null, 2),
    },
    { path: '/openapi.yaml', type: 'application/yaml', make: async () => toYaml(await openApi()) },
    {
      path: '/postman.json',
      type: 'application/json',
      async make() {
        const { postmanCollection } = await import('./postman.ts')
        return JSON.stringify(postmanCollection(await openApi()), null, 2)
      },
    },
    ...assets.map(([name, type]) => ({
      path: `/assets/docs/${name}`,
      type,
      make: async () => readAsset(name),
    })),
  ]
  for (const resource of resources) serve(app, resource)
  registerReports(app)
  if (options.panel) registerPanel(app, options.panelFolder)
  if (options.swaggerUi) {
    const { registerSwaggerUi } = await import('./swagger-ui.ts')
    registerSwaggerUi(app, { document: await openApi(), readAsset })
  }
}

interface Resource {
  readonly path: string
  readonly type: string
  readonly make: () => Promise<string>
  readonly policy?: string
}

const assets = [
  ['home.css', 'text/css'],
  ['home-sections.css', 'text/css'],
  ['home.js', 'text/javascript'],
  ['security.css', 'text/css'],
  ['set-password.css', 'text/css'],
  ['set-password.js', 'text/javascript'],
  ['icon.svg', 'image/svg+xml'],
] as const

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  reportTo,
]

/** The policy of a page that may do nothing but what it says. */
function policyWith(...directives: string[]): string {
  return [...pagePolicy, ...directives].join('; ')
}

/** Kept by the browser, but asked for anew each time: a new version shows at once. */
function serve(app: FastifyInstance, { path, type, make, policy }: Resource) {
  const made = once(async () => {
    const body = await make()
    return { bytes: Buffer.from(body), etag: `"${sha256(body).slice(0, 32)}"` }
  })
  app.get(path, async (request, reply) => {
    const { bytes, etag } = await made()
    reply.header('cache-control', 'no-cache').header('etag', etag)
    if (policy) {
      reply.header('content-security-policy', policy)
      reply.header('reporting-endpoints', reportingEndpoints)
    }
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type(`${type}; charset=utf-8`).send(bytes)
  })
}

/** Written out in full: anchors would save space and cost readers and tools their nerves. */
async function toYaml(document: object): Promise<string> {
  const { stringify } = await import('yaml')
  return stringify(document, { aliasDuplicateObjects: false })
}

function readAsset(name: string): string {
  return readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8')
}
