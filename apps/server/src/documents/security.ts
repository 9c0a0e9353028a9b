import { chapters } from './asvs.ts'
import { type Finding, listFindings, type Proof, type State, stateNames } from './evidence.ts'
import { type Html, html, inlineCode } from './html.ts'
import { documentPage } from './page.ts'

const levels = [1, 2, 3] as const
const states = Object.keys(stateNames) as State[]

/** The evidence: each requirement of OWASP ASVS 5.0, its state, and what proves it. */
export function securityPage(): string {
  const findings = listFindings()
  return documentPage({
    title: 'Security, with evidence',
    description: 'What this server holds against OWASP ASVS 5.0, and what proves it.',
    lead: 'OWASP ASVS 5.0 is the measure. Each requirement is shown with what proves it: the tests that carry its number in their title, or the document that says it. This page is made from them, and nothing on it is claimed by hand.',
    styles: ['security.css'],
    summary: summary(findings),
    content: html`<section class="findings" aria-labelledby="requirements-title">
        <h2 id="requirements-title">Requirements</h2>
        ${filters(findings)}
        ${Object.entries(chapters).map(([chapter, title]) => chapterPart(chapter, title, findings))}
      </section>`,
  })
}

/** How many requirements of each level are in each state. */
function summary(findings: Finding[]): Html {
  const count = (state: State, level?: number) =>
    findings.filter((row) => row.state === state && (!level || row.level === level)).length
  const row = (state: State) =>
    html`<tr><th scope="row">${stateNames[state]}</th>${levels.map((level) => html`<td>${count(state, level)}</td>`)}<td>${count(state)}</td></tr>
          `
  return html`<table class="counts">
          <caption>Requirements by state and level</caption>
          <thead><tr><th scope="col">State</th>${levels.map((level) => html`<th scope="col">Level ${level}</th>`)}<th scope="col">All</th></tr></thead>
          <tbody>${states.map(row)}</tbody>
        </table>`
}

/** Radio buttons that the style sheet looks at: the page works without a script. */
function filters(findings: Finding[]): Html {
  const choice = (id: string, name: string, count: number, checked = false) =>
    html`<input type="radio" name="state" id="only-${id}"${checked && html` checked`}><label for="only-${id}">${name} (${count})</label>
        `
  return html`${choice('all', 'all', findings.length, true)}${states.map((state) =>
    choice(state, stateNames[state], findings.filter((row) => row.state === state).length),
  )}`
}

function chapterPart(chapter: string, title: string, findings: Finding[]): Html {
  const rows = findings.filter(({ number }) => number.startsWith(`${chapter}.`))
  return html`<div class="chapter"><h3 id="v${chapter}">V${chapter} ${title}</h3>
          <ul>${rows.map(findingRow)}</ul>
        </div>
        `
}

function findingRow({ number, level, text, state, proofs, ...remark }: Finding): Html {
  const { notApplicable, appliesLater } = remark
  return html`<li id="asvs-${number}" class="finding ${state}">
            <span class="number">${number}</span> <span class="level">Level ${level}</span> <span class="state">${stateNames[state]}</span>
            <p>${inlineCode(text)}${notApplicable && html` <em>Not applicable: ${notApplicable}.</em>`}${appliesLater && html` <em>It will apply ${appliesLater}.</em>`}</p>
            ${proofs.length > 0 && html`<ul class="proofs">${proofs.map(proofRow)}</ul>`}
          </li>
          `
}

function proofRow(proof: Proof): Html {
  return proof.kind === 'test'
    ? html`<li>${proof.title} <code>${proof.file}</code></li>`
    : html`<li>“${proof.says}” <code>${proof.document}</code></li>`
}
