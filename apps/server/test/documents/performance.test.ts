import t from 'tap'
import { readFigures } from '../../src/documents/figures.ts'
import { performancePage } from '../../src/documents/performance.ts'

const page = performancePage()
const text = page.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ')
const figures = readFigures()

t.test('every benchmark has put its figures on the page', async (t) => {
  const faults = Array.from({ length: 20 }, (_fault, index) => `F${index + 1}`)
  const both = ['speed', 'starts', 'workers', 'scale', 'alike'].flatMap((name) => [
    `${name}-SQLite`,
    `${name}-PostgreSQL`,
  ])
  // Ten million take a disk of their own.
  const published = Object.keys(figures).filter((name) => !name.endsWith('-10000000'))
  t.same(published.toSorted(), [...both, ...faults, 'sdk', 'fuzz'].toSorted())
})

t.test('each table stands there with its command, its machine and its day', async (t) => {
  for (const { title, command, machine, date, rows } of Object.values(figures)) {
    for (const shown of [title, command, machine, date]) t.ok(text.includes(shown), shown)
    t.ok(rows.length > 0, title)
    for (const [what = ''] of rows) t.ok(text.includes(what), what)
  }
})

t.test('what is missed has its reason', async (t) => {
  for (const { title, notes, rows } of Object.values(figures)) {
    if (!rows.flat().some((cell) => /missed/i.test(cell))) continue
    t.ok(
      notes.some((note) => note.startsWith('What is missed')),
      title,
    )
  }
})

t.test('nothing runs or is styled from within the page, and no id occurs twice', async (t) => {
  t.notMatch(page, /<style|style=|<script| on\w+=|javascript:/i)
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  t.equal(new Set(ids).size, ids.length)
})
