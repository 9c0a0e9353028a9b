import type { Config } from '../config.ts'
import { endpointsSection } from './home-endpoints.ts'
import { limitsSection } from './home-limits.ts'
import { problemsSection } from './home-problems.ts'
import { quickstartSection } from './home-quickstart.ts'
import { type Html, html, inlineCode } from './html.ts'

export interface HomeOptions {
  /** Where clients reach the server, without a slash at the end. */
  readonly publicUrl: string
  readonly version: string
  /** The settings in force, whose limits and lifetimes are shown. */
  readonly config: Config
  /** Whether `/docs/` answers. */
  readonly swaggerUi: boolean
  /** Whether `/admin/` answers. */
  readonly panel: boolean
}

/** The documentation home: a whole page, for a person who has never seen Rollcall. */
export function homePage(options: HomeOptions): string {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="description" content="Accounts, sign-in and user management: the API of this server.">
    <title>Rollcall: accounts, sign-in and user management</title>
    <link rel="icon" type="image/svg+xml" href="assets/docs/icon.svg">
    <link rel="stylesheet" href="assets/docs/home.css">
    <link rel="stylesheet" href="assets/docs/home-sections.css">
    <script src="assets/docs/home.js" defer></script>
  </head>
  <body>
    <a class="skip" href="#main">Skip to the content</a>
    ${pageHeader(options)}
    <main id="main" tabindex="-1">
      ${hero(options)}
      ${quickstartSection(options.publicUrl)}
      ${basicsSection()}
      ${endpointsSection(options)}
      ${problemsSection()}
      ${limitsSection(options.config)}
    </main>
    ${pageFooter(options)}
  </body>
</html>
`.markup
}

function pageHeader({ swaggerUi, panel }: HomeOptions): Html {
  return html`<header class="bar">
      <div class="bar-inner">
        <a class="wordmark" href="./"><img src="assets/docs/icon.svg" alt="" width="24" height="24">Rollcall</a>
        <nav aria-label="This page">
          <a href="#quick-start">Quick start</a>
          <a href="#endpoints">Endpoints</a>
          <a href="#problems">Problems</a>
          <a href="#limits">Limits</a>
          ${swaggerUi && html`<a href="docs/">Swagger UI</a>`}
          ${panel && html`<a href="admin/">Admin panel</a>`}
        </nav>
      </div>
    </header>`
}

function hero(options: HomeOptions): Html {
  return html`<section class="hero" aria-labelledby="title">
        <h1 id="title">User accounts, ready to build on</h1>
        <p class="lead">Rollcall keeps the users of your product: they register, sign in and look after their own account, and your staff look after everybody’s. It is a REST API with short-lived tokens, and an SDK with types for every call.</p>
        <p class="actions">
          <a class="button" href="#quick-start">Start in five minutes</a>
          ${options.swaggerUi && html`<a class="button quiet" href="docs/">Try it in the browser</a>`}
        </p>
        <p class="base">Base URL <code>${options.publicUrl}</code></p>
        <h2 class="visually-hidden">Documents</h2>
        <ul class="documents">${documentLinks(options).map(documentCard)}</ul>
      </section>`
}

interface DocumentLink {
  readonly href: string
  readonly title: string
  readonly text: string
}

function documentLinks({ swaggerUi, panel }: HomeOptions): DocumentLink[] {
  return [
    ...(swaggerUi
      ? [{ href: 'docs/', title: 'Swagger UI', text: 'Read every operation and call it.' }]
      : []),
    { href: 'openapi.json', title: 'OpenAPI 3.1, JSON', text: 'For generators and gateways.' },
    { href: 'openapi.yaml', title: 'OpenAPI 3.1, YAML', text: 'The same, for reading.' },
    { href: 'postman.json', title: 'Postman collection', text: 'Import it and run it as it is.' },
    {
      href: 'security/',
      title: 'Security, with evidence',
      text: 'Each requirement, and the tests that prove it.',
    },
    {
      href: 'handbook/',
      title: 'Handbook',
      text: 'How it is run: keys, data, logs, and what protects them.',
    },
    {
      href: 'growing/',
      title: 'Growing',
      text: 'From one process to many nodes: what to switch on, and when.',
    },
    {
      href: 'performance/',
      title: 'Performance and durability',
      text: 'What was measured, what it survives, and the commands behind it.',
    },
    ...(panel
      ? [{ href: 'admin/', title: 'Admin panel', text: 'Where staff look after accounts.' }]
      : []),
  ]
}

function documentCard({ href, title, text }: DocumentLink): Html {
  return html`<li><a href="${href}"><strong>${title}</strong> <span>${text}</span></a></li>`
}

function basicsSection(): Html {
  return html`<section id="basics" aria-labelledby="basics-title">
        <h2 id="basics-title">Good to know</h2>
        <div class="basics">
          ${basics.map(([title, text]) => html`<div><h3>${title}</h3><p>${inlineCode(text)}</p></div>`)}
        </div>
      </section>`
}

const basics = [
  [
    'Tokens',
    'Send the access token as `Authorization: Bearer …`; it lasts `expires_in` seconds. Then exchange the refresh token for the next pair: each one works once. The SDK does both for you.',
  ],
  [
    'Who may do what',
    'A new account may see and change itself. Looking after others takes a permission, and a superuser holds them all. The operator makes the first one with `npm run rollcall create-superuser`.',
  ],
  [
    'Problems',
    'What is refused is answered as `application/problem+json` (RFC 9457). Branch on `code`, show `detail`, and quote `request_id` when you ask for help.',
  ],
  [
    'Lists',
    'A list answers `results` with the URLs of the `next` and `previous` page. Narrow it by `search` and filters, sort it by `ordering`, and set the size of a page by `limit`.',
  ],
  [
    'Changes',
    'An account comes with an `ETag`. Send it back as `If-Match` with a change, and you never overwrite what somebody else changed meanwhile.',
  ],
  [
    'Retries',
    'An answer got lost, and you do not know whether the account was made? Send creating requests with an `Idempotency-Key` of your own, a random UUID for each. The same request with the same key is done once: for 24 hours it is answered as it was the first time, with `Idempotency-Replayed: true`.',
  ],
  [
    'Values',
    'Ids are UUIDs, instants are RFC 3339 in UTC, and optional text that is not there is `null`. Paths work with and without the slash at their end.',
  ],
] as const

function pageFooter({ version }: HomeOptions): Html {
  return html`<footer>
      <p>Rollcall ${version} · MIT licence</p>
      <p><a href="openapi.json">OpenAPI</a> · <a href="postman.json">Postman</a> · <a href=".well-known/jwks.json">Public keys</a></p>
    </footer>`
}
