import { type Html, html } from './html.ts'

interface Page {
  readonly title: string
  readonly description: string
  /** What the page is for, in a paragraph under its title. */
  readonly lead: string
  /** Style sheets besides those of every page. */
  readonly styles?: readonly string[]
  /** Stands with the lead. */
  readonly summary?: Html
  readonly content: Html
}

/** A document that stands one folder below the home, and looks like it. */
export function documentPage({ title, description, lead, styles = [], summary, content }: Page) {
  const sheets = ['home.css', 'home-sections.css', ...styles]
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="description" content="${description}">
    <title>${title}: Rollcall</title>
    <link rel="icon" type="image/svg+xml" href="../assets/docs/icon.svg">
    ${sheets.map((sheet) => html`<link rel="stylesheet" href="../assets/docs/${sheet}">`)}
  </head>
  <body>
    <a class="skip" href="#main">Skip to the content</a>
    <header class="bar">
      <div class="bar-inner">
        <a class="wordmark" href="../"><img src="../assets/docs/icon.svg" alt="" width="24" height="24">Rollcall</a>
        <nav aria-label="Documents"><a href="../">Documentation</a></nav>
      </div>
    </header>
    <main id="main" tabindex="-1">
      <section class="hero" aria-labelledby="title">
        <h1 id="title">${title}</h1>
        <p class="lead">${lead}</p>
        ${summary}
      </section>
      ${content}
    </main>
  </body>
</html>
`.markup
}
