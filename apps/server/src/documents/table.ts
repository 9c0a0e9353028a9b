import { breakable, type Html, html, inlineCode } from './html.ts'

/** What it is about, and what there is to say of it: Markdown with code between backticks. */
export type Row = readonly [what: string, ...cells: string[]]

/** A table whose rows are named by their first cell. */
export function table(caption: string, heads: readonly string[], rows: readonly Row[]): Html {
  return html`<table class="facts">
          <caption>${caption}</caption>
          <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
          <tbody>${rows.map(tableRow)}</tbody>
        </table>`
}

function tableRow([what, ...cells]: Row): Html {
  const isCode = /^`[^`]+`$/.test(what)
  const head = isCode ? html`<code>${breakable(what.slice(1, -1))}</code>` : inlineCode(what)
  return html`<tr><th scope="row">${head}</th>${cells.map((cell) => html`<td>${inlineCode(cell)}</td>`)}</tr>
            `
}
