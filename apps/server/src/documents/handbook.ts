import { backups, communication, components, logs, secrets } from './handbook-operation.ts'
import { cryptography, data, pathways, validation } from './handbook-security.ts'
import { type Html, html, inlineCode } from './html.ts'
import { documentPage } from './page.ts'
import { type Row, table } from './table.ts'

/** A part of the handbook: prose, and tables of what there is to know. */
export interface Chapter {
  readonly id: string
  readonly title: string
  readonly text: readonly string[]
  readonly tables: readonly {
    readonly caption: string
    readonly heads: readonly string[]
    readonly rows: readonly Row[]
  }[]
}

const chapters: readonly Chapter[] = [
  pathways,
  validation,
  cryptography,
  secrets,
  data,
  backups,
  logs,
  communication,
  components,
]

/** How the server works where its API does not show: for who runs it, and who audits it. */
export function handbookPage(): string {
  return documentPage({
    title: 'Handbook',
    description: 'How this server signs in, keeps secrets and data, logs, and talks to others.',
    lead: 'For who runs this server, and for who audits it: every way in, every key, every kind of data, every log and every connection, with what protects it.',
    content: html`${chapters.map(chapterSection)}`,
  })
}

/** A chapter as it stands on a page. */
export function chapterSection({ id, title, text, tables }: Chapter): Html {
  return html`<section aria-labelledby="${id}">
        <h2 id="${id}">${title}</h2>
        ${text.map((paragraph) => html`<p>${inlineCode(paragraph)}</p>`)}
        ${tables.map(({ caption, heads, rows }) => table(caption, heads, rows))}
      </section>
      `
}
