import { type Figures, readFigures } from './figures.ts'
import { type Html, html, inlineCode } from './html.ts'
import { documentPage } from './page.ts'
import { table } from './table.ts'

interface Chapter {
  readonly id: string
  readonly title: string
  readonly text: string
  /** Of the tables that belong to it, in their order. */
  readonly figures: readonly string[]
}

const places = ['SQLite', 'PostgreSQL'] as const

const chapters: readonly Chapter[] = [
  {
    id: 'speed',
    title: 'Speed',
    text: 'Each figure stands next to a ceiling that is measured in turns with it, on the same machine: for reads a bare Fastify that trusts a token it has seen before, runs one prepared `SELECT` and writes the answer by its schema; for sign-ins and registrations the raw hash on every core. So the share tells more than the rate, which is that of a small machine.',
    figures: [...places.flatMap((place) => [`speed-${place}`, `starts-${place}`]), 'sdk'],
  },
  {
    id: 'workers',
    title: 'With the number of processes',
    text: 'What a request costs in processor time, by one process and by several that share the port (`ROLLCALL_WORKERS`): while that stays the same, each core that is added answers as much as the first.',
    figures: places.map((place) => `workers-${place}`),
  },
  {
    id: 'scale',
    title: 'With the number of accounts',
    text: 'Every filter, search and ordering of the list, asked one at a time among a thousand accounts and among many. What finds more among many than a page of the thousand held is not compared, since its answer is larger. Ten million were tried on SQLite alone so far.',
    figures: places.flatMap((place) => [`scale-${place}`, `scale-${place}-10000000`]),
  },
  {
    id: 'alike',
    title: 'Whether an account exists',
    text: 'What somebody outside could learn by asking often, by a clock: how often the one kind of refusal took longer than the other.',
    figures: places.map((place) => `alike-${place}`),
  },
  {
    id: 'faults',
    title: 'Faults',
    text: 'A client outside the server keeps a ledger of what it has sent and what was acknowledged. After each fault every acknowledged registration must sign in, every acknowledged change of a password must hold, every acknowledged sign-out and every spent token must be refused, and the database must be whole.',
    figures: Array.from({ length: 20 }, (_fault, index) => `F${index + 1}`),
  },
  {
    id: 'input',
    title: 'Hostile input',
    text: 'Requests that are made up from the OpenAPI document, and what came of them.',
    figures: ['fuzz'],
  },
]

/** What was measured, on which machine and by which command, and what is missed and why. */
export function performancePage(): string {
  const figures = readFigures()
  return documentPage({
    title: 'Performance and durability',
    description: 'How fast this server is, what it survives, and the command behind each figure.',
    lead: 'Everything here was measured against the real server over HTTP, and is put on this page by the command that stands below it: run it on your machine. What misses its aim is marked, with the reason.',
    content: html`${chapters.map((chapter) => section(chapter, figures))}`,
  })
}

function section({ id, title, text, figures }: Chapter, all: Record<string, Figures>): Html {
  return html`<section aria-labelledby="${id}">
        <h2 id="${id}">${title}</h2>
        <p>${inlineCode(text)}</p>
        ${figures.flatMap((name) => all[name] ?? []).map(tableOf)}
      </section>
      `
}

function tableOf({ title, command, machine, date, notes, heads, rows }: Figures): Html {
  const cells = rows.map(([what = '', ...cells]) => [what, ...cells] as const)
  return html`${table(title, [...heads], cells)}
        ${notes.map((note) => html`<p>${inlineCode(note)}</p>`)}
        <p class="source"><code>${command}</code>, ${date}: ${machine}.</p>
        `
}
