import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { html } from './html.ts'
import { reportingEndpoints, reportTo } from './reports.ts'

/** Where `pnpm --filter @rollcall/admin build` puts the panel. */
const builtPanel = fileURLToPath(new URL('../../../admin/dist', import.meta.url))

const buildCommand = 'pnpm --filter @rollcall/admin build'

/** Serves the admin panel at `/admin/`: one page for all its paths, and hashed assets for good. */
export function registerPanel(app: FastifyInstance, folder = builtPanel) {
  const page = join(folder, 'index.html')
  if (!existsSync(page)) return servePage(app, 503, async () => missingPage())
  // Read anew each time: a build while the server runs leaves nothing of the one before.
  servePage(app, 200, () => readFile(page, 'utf8'))
  // A scope of its own keeps what the plugin decorates off the application.
  app.register(async (scope) => {
    await scope.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/admin/assets/',
      decorateReply: false,
      index: false,
      preCompressed: true,
      immutable: true,
      maxAge: '1y',
    })
  })
}

/** The panel knows its paths by itself; what looks like a file is none of them. */
function servePage(app: FastifyInstance, status: number, read: () => Promise<string>) {
  for (const path of ['/admin', '/admin/*']) {
    app.get(path, async (request, reply) => {
      const [, rest = ''] = request.url.split(/^\/admin|\?/)
      if (/[.%\\]|^\/assets(\/|$)/.test(rest)) return reply.callNotFound()
      return reply
        .code(status)
        .header('content-security-policy', policy)
        .header('reporting-endpoints', reportingEndpoints)
        .type('text/html; charset=utf-8')
        .send(await read())
    })
  }
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
  reportTo,
].join('; ')

function missingPage(): string {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>The admin panel is not built: Rollcall</title>
    <link rel="icon" type="image/svg+xml" href="/assets/docs/icon.svg">
    <link rel="stylesheet" href="/assets/docs/home.css">
  </head>
  <body>
    <main>
      <h1>The admin panel is not built</h1>
      <p>Build it in the folder of the repository, and start the server again:</p>
      <p><code>${buildCommand}</code></p>
      <p><code>npm start</code> does both by itself. The API works all the same: <a href="/">Rollcall</a></p>
    </main>
  </body>
</html>
`.markup
}
