import { listEndpoints, schemas } from '@rollcall/contract'
import t from 'tap'
import { loadConfig } from '../../src/config.ts'
import { handbookPage } from '../../src/documents/handbook.ts'
import { pathways } from '../../src/documents/handbook-security.ts'
import { homePage } from '../../src/documents/home.ts'
import { backOff, rateLimits } from '../../src/limits.ts'

const page = handbookPage()

function homeWith(environment: Record<string, string>): string {
  const options = { publicUrl: 'https://a.test', version: '1', swaggerUi: false, panel: false }
  const home = homePage({ ...options, config: loadConfig(environment) })
  return home.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ')
}

t.test('ASVS 6.3.4: every way in is in the table of ways in', async (t) => {
  const listed = pathways.tables[0]?.rows.map(([what]) => what.replaceAll('`', '')) ?? []
  for (const [id, { method, access, body }] of listEndpoints()) {
    const isOpen = method !== 'GET' && access.kind === 'anyone'
    const takesPassword = body && 'current_password' in body.properties && id.startsWith('password')
    if (isOpen || takesPassword) t.ok(listed.includes(id), id)
  }
  const giving = listEndpoints().filter(([, { response }]) => {
    const [, schema] = response
    return schema && 'properties' in schema && 'access' in Object(schema.properties)
  })
  t.same(giving.map(([id]) => id).sort(), ['token.create', 'token.reauthenticate', 'token.refresh'])
})

t.test('ASVS 6.4.2: no member is a hint or the answer to a question', async (t) => {
  t.notMatch(JSON.stringify(schemas), /hint|question|maiden|mnemonic/i)
})

t.test('ASVS 6.1.1, 7.1.1: the home shows every limit and lifetime in force', async (t) => {
  const home = homeWith({})
  for (const { max, reason } of Object.values(rateLimits)) {
    t.ok(home.includes(max.toLocaleString('en')))
    t.ok(home.includes(reason))
  }
  for (const { freeFailures, reason } of Object.values(backOff)) {
    t.ok(home.includes(`${freeFailures} in `))
    t.ok(home.includes(reason))
  }
  for (const text of ['5 minutes', '14 days', '30 days', '12 hours', '10 seconds', '400 days']) {
    t.ok(home.includes(text), text)
  }
  const settings = {
    ROLLCALL_ACCESS_TOKEN_SECONDS: '61',
    ROLLCALL_SESSION_IDLE_SECONDS: '259200',
    ROLLCALL_STAFF_SESSION_MAX_SECONDS: '25200',
    ROLLCALL_SESSIONS_PER_USER: '7',
    ROLLCALL_PASSWORD_POLICY: 'strict',
  }
  const other = homeWith(settings)
  for (const text of ['61 seconds', '3 days', '7 hours', '15 to 128 characters']) {
    t.ok(other.includes(text), text)
    t.notOk(home.includes(text), text)
  }
})

t.test('a server without limits does not claim any', async (t) => {
  const home = homeWith({ ROLLCALL_LIMITS: 'off' })
  t.match(home, /limits of this server are off/)
  t.notMatch(home, rateLimits.register.reason)
})

t.test('nothing runs or is styled from within the page, and no id occurs twice', async (t) => {
  t.notMatch(page, /<style|style=|<script| on\w+=|javascript:/i)
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  t.equal(new Set(ids).size, ids.length)
})
