import fastifySwagger, { type StaticDocumentSpec } from '@fastify/swagger'
import fastifySwaggerUi, { type FastifySwaggerUiOptions } from '@fastify/swagger-ui'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { OpenApiDocument } from './openapi.ts'

interface SwaggerUiOptions {
  readonly document: OpenApiDocument
  readonly readAsset: (name: string) => string
}

/** Serves Swagger UI at `/docs/`, for plain http too. */
export function registerSwaggerUi(app: FastifyInstance, { document, readAsset }: SwaggerUiOptions) {
  // A scope of its own keeps what the two plugins decorate off the application.
  app.register(async (scope) => {
    await scope.register(fastifySwagger, {
      mode: 'static',
      specification: {
        // The plugin's types stop at OpenAPI 3.0; it hands the document on as it is.
        document: ofThisOrigin(document) as unknown as StaticDocumentSpec['document'],
      },
    })
    await scope.register(fastifySwaggerUi, {
      routePrefix: '/docs',
      staticCSP: policy,
      uiHooks: { onRequest: redirectToSlash },
      uiConfig,
      theme: {
        title: 'Rollcall: Swagger UI',
        css: [{ filename: 'rollcall.css', content: readAsset('swagger-ui.css') }],
        js: [{ filename: 'rollcall.js', content: readAsset('swagger-ui.js') }],
        favicon: [
          {
            filename: 'icon.svg',
            rel: 'icon',
            type: 'image/svg+xml',
            sizes: 'any',
            content: readAsset('icon.svg'),
          },
        ],
      },
    })
  })
}

/** Calls go to where the page came from, which the policy allows, under whatever name that is. */
function ofThisOrigin(document: OpenApiDocument): OpenApiDocument {
  return { ...document, servers: [{ url: '../', description: 'This server.' }] }
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Without the slash the page would name its scripts by another path than the browser sees. */
function redirectToSlash(request: FastifyRequest, reply: FastifyReply, done: () => void) {
  const [path, query] = request.url.split('?')
  if (!path?.endsWith('/docs')) return done()
  reply.redirect(query ? `docs/?${query}` : 'docs/')
}

/** Defined by assets/swagger-ui.js, in the browser. */
declare const signInOnce: (system: unknown) => object

const uiConfig: FastifySwaggerUiOptions['uiConfig'] = {
  layout: 'BaseLayout',
  deepLinking: true,
  filter: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  // Written into a script of the page as it stands, and called there.
  plugins: [(system) => signInOnce(system)],
}
