import { fieldProblems, problems } from '@rollcall/contract'
import { breakable, type Html, html } from './html.ts'

/** Every code there is; the `type` of each problem links to its row. */
export function problemsSection(): Html {
  return html`<section id="problems" aria-labelledby="problems-title">
        <h2 id="problems-title">Problems</h2>
        <p>The <code>type</code> of a problem links to its row here. The list is closed: a code that is not in it does not occur.</p>
        <table>
          <caption>Codes of problems</caption>
          <thead><tr><th scope="col">Status</th><th scope="col">Code</th><th scope="col">Meaning</th></tr></thead>
          <tbody>${Object.entries(problems).map(problemRow)}</tbody>
        </table>
        <p>The entries of <code>errors</code> in <code>validation_failed</code> say what is wrong with each member, all at once.</p>
        <table>
          <caption>Codes of members</caption>
          <thead><tr><th scope="col">Code</th><th scope="col">Meaning</th></tr></thead>
          <tbody>${Object.entries(fieldProblems).map(fieldProblemRow)}</tbody>
        </table>
      </section>`
}

function problemRow([code, { status, title }]: [string, { status: number; title: string }]): Html {
  return html`<tr id="problem-${code}"><td>${status}</td><th scope="row"><code>${breakable(code)}</code></th><td>${title}.</td></tr>
            `
}

function fieldProblemRow([code, meaning]: [string, string]): Html {
  return html`<tr><th scope="row"><code>${breakable(code)}</code></th><td>${meaning}</td></tr>
            `
}
