import t from 'tap'
import { Config, variableOf } from '../../src/config.ts'
import { assumed, measured } from '../../src/documents/capacity.ts'
import { growingPage } from '../../src/documents/growing.ts'

const page = growingPage()
const text = page.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ')

t.test('every figure that was measured is shown', async (t) => {
  const { perProcess, signInsPerCore, row, accountOnSqlite, machine } = measured
  const figures = [...Object.values(perProcess), signInsPerCore, row.account, accountOnSqlite]
  for (const figure of figures) t.ok(text.includes(figure.toLocaleString('en')), `${figure}`)
  t.ok(text.includes(machine))
})

t.test('the arithmetic follows from the figures', async (t) => {
  const { accounts, activeShare, calls, peak, utilisation } = assumed
  const load = Math.round((accounts * activeShare * calls * peak) / 86_400)
  t.ok(text.includes(`${load.toLocaleString('en')} a second`))
  const processes = Math.ceil(load / (measured.perProcess.read * utilisation))
  t.ok(text.includes(`${processes} processes`))
})

t.test('every setting that it names is one', async (t) => {
  const known = new Set(Object.keys(Config.properties).map(variableOf))
  const named = new Set(text.match(/ROLLCALL_[A-Z_]+/g))
  t.ok(named.size > 5)
  for (const variable of named) t.ok(known.has(variable), variable)
})

t.test('whatever lets a server grow is named', async (t) => {
  const settings = [
    'WORKERS',
    'DATABASE_URL',
    'DATABASE_READ_URL',
    'DATABASE_CONNECTIONS',
    'REDIS_URL',
  ]
  for (const setting of settings) t.ok(text.includes(`ROLLCALL_${setting}`), setting)
})

t.test('nothing runs or is styled from within the page, and no id occurs twice', async (t) => {
  t.notMatch(page, /<style|style=|<script| on\w+=|javascript:/i)
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  t.equal(new Set(ids).size, ids.length)
})
