import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { stringify } from 'yaml'
import { sha256 } from '../crypto.ts'
import { growingPage } from './growing.ts'
import { handbookPage } from './handbook.ts'
import { type HomeOptions, homePage } from './home.ts'
import { openApiDocument } from './openapi.ts'
import { registerPanel } from './panel.ts'
import { postmanCollection } from './postman.ts'
import { registerReports, reportingEndpoints, reportTo } from './reports.ts'
import { securityPage } from './security.ts'
import { setPasswordPage } from './set-password.ts'
import { registerSwaggerUi } from './swagger-ui.ts'

export interface DocumentsOptions extends HomeOptions {
  /** Where the built panel is; the folder of this repository unless given. */
  readonly panelFolder?: string | undefined
}

/** Serves the documents of the API: all are derived from the contract, once, at start. */
export function registerDocuments(app: FastifyInstance, options: DocumentsOptions) {
  const openApi = openApiDocument(options)
  const resources: Resource[] = [
    { path: '/', type: 'text/html', body: homePage(options), policy: policyWith() },
    { path: '/handbook/', type: 'text/html', body: handbookPage(), policy: policyWith() },
    { path: '/growing/', type: 'text/html', body: growingPage(), policy: policyWith() },
    { path: '/security/', type: 'text/html', body: securityPage(), policy: policyWith() },
    {
      path: '/set-password/',
      type: 'text/html',
      body: setPasswordPage(),
      policy: policyWith("connect-src 'self'"),
    },
    { path: '/openapi.json', type: 'application/json', body: JSON.stringify(openApi, null, 2) },
    { path: '/openapi.yaml', type: 'application/yaml', body: toYaml(openApi) },
    {
      path: '/postman.json',
      type: 'application/json',
      body: JSON.stringify(postmanCollection(openApi), null, 2),
    },
    ...assets.map(([name, type]) => ({
      path: `/assets/docs/${name}`,
      type,
      body: readAsset(name),
    })),
  ]
  for (const resource of resources) serve(app, resource)
  registerReports(app)
  if (options.panel) registerPanel(app, options.panelFolder)
  if (options.swaggerUi) registerSwaggerUi(app, { document: openApi, readAsset })
}

interface Resource {
  readonly path: string
  readonly type: string
  readonly body: string
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
function serve(app: FastifyInstance, { path, type, body, policy }: Resource) {
  const bytes = Buffer.from(body)
  const etag = `"${sha256(body).slice(0, 32)}"`
  app.get(path, (request, reply) => {
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
function toYaml(document: object): string {
  return stringify(document, { aliasDuplicateObjects: false })
}

function readAsset(name: string): string {
  return readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8')
}
