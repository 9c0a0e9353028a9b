import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { temporaryFolder } from '../support/databases.ts'
import { createServer } from '../support/server.ts'

const page = '<!doctype html><title>Panel</title>'
const script = 'index-B5Qt9EMX.js'

/** A server with a panel that stands for the built one. */
async function serverWithPanel(t: Test) {
  const panelFolder = temporaryFolder(t)
  mkdirSync(join(panelFolder, 'assets'))
  writeFileSync(join(panelFolder, 'index.html'), page)
  writeFileSync(join(panelFolder, 'secret.txt'), 'not for anybody')
  writeFileSync(join(panelFolder, 'assets', script), 'export {}')
  return createServer(t, { panelFolder })
}

t.test('every path of the panel answers its page, which is never kept', async (t) => {
  const { app } = await serverWithPanel(t)
  for (const url of ['/admin', '/admin/', '/admin/users', '/admin/users/0198f2c4?tab=x.y']) {
    const { statusCode, headers, body } = await app.inject(url)
    t.equal(statusCode, 200, url)
    t.equal(headers['content-type'], 'text/html; charset=utf-8')
    t.equal(headers['cache-control'], 'no-store')
    t.equal(body, page)
  }
})

t.test('an asset with a hash in its name is kept for good; a missing one is 404', async (t) => {
  const { app } = await serverWithPanel(t)
  const { statusCode, headers } = await app.inject(`/admin/assets/${script}`)
  t.equal(statusCode, 200)
  t.match(headers['content-type'], 'application/javascript')
  t.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
  t.equal(headers['x-content-type-options'], 'nosniff')
  const missing = await app.inject('/admin/assets/index-00000000.js')
  t.equal(missing.statusCode, 404)
  t.equal(missing.json().code, 'not_found')
  t.equal(missing.headers['cache-control'], 'no-store')
})

t.test('ASVS 13.4.1, 13.4.3: nothing but the page and its assets is served', async (t) => {
  const { app } = await serverWithPanel(t)
  const paths = [
    '/admin/secret.txt',
    '/admin/index.html',
    '/admin/.env',
    '/admin/..%2f.env',
    '/admin/assets/',
    '/admin/assets/../secret.txt',
    '/admin/assets/..%2fsecret.txt',
    '/admin/assets/%2e%2e/secret.txt',
    '/admin/assets/..\\secret.txt',
  ]
  for (const url of paths) {
    const { statusCode, body } = await app.inject(url)
    t.match(statusCode, /^40[034]$/, url)
    t.notMatch(body, /not for anybody|<!doctype/)
  }
})

t.test(
  'ASVS 3.4.3, 3.4.6, 3.4.7, 3.4.8: the policy lets in nothing inline or foreign',
  async (t) => {
    const { app } = await serverWithPanel(t)
    const { headers } = await app.inject('/admin/')
    const directives = String(headers['content-security-policy']).split('; ')
    for (const directive of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "object-src 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
      'report-uri /csp-reports/',
    ]) {
      t.ok(directives.includes(directive), directive)
    }
    t.notMatch(directives.join(), /unsafe|http:|https:|\*/)
    t.equal(headers['cross-origin-opener-policy'], 'same-origin')
    t.equal(headers['reporting-endpoints'], 'csp="/csp-reports/"')
  },
)

t.test('without a build the page says how to make one', async (t) => {
  const { app } = await createServer(t, { panelFolder: temporaryFolder(t) })
  const { statusCode, body } = await app.inject('/admin/users')
  t.equal(statusCode, 503)
  t.match(body, 'pnpm --filter @rollcall/admin build')
})

t.test('ASVS 3.4.7: breaches are logged, without queries, and briefly', async (t) => {
  const lines: { msg: string; breach?: object }[] = []
  const logger = pino({}, { write: (line) => lines.push(JSON.parse(line)) })
  const { app } = await createServer(t, { logger })
  const report = (type: string, payload: string) =>
    app.inject({ method: 'POST', url: '/csp-reports/', headers: { 'content-type': type }, payload })
  const breaches = () => lines.flatMap(({ breach }) => (breach ? [breach] : []))

  const old = {
    'document-uri': 'http://rollcall.test/admin/?search=somebody',
    'blocked-uri': 'inline',
    'effective-directive': `style-src-elem${'x'.repeat(1_000)}`,
  }
  const answer = await report('application/csp-report', JSON.stringify({ 'csp-report': old }))
  t.equal(answer.statusCode, 204)
  t.match(breaches(), [{ page: 'http://rollcall.test/admin/', blocked: 'inline' }])
  t.notMatch(JSON.stringify(lines), /somebody|x{300}/)

  const recent = {
    type: 'csp-violation',
    body: { documentURL: 'http://a.test/', blockedURL: 'eval' },
  }
  await report('application/reports+json', JSON.stringify(Array(100).fill(recent)))
  t.equal(breaches().length, 11, 'of a flood only the first ten')

  t.equal((await report('application/csp-report', 'x')).statusCode, 400)
  t.equal((await report('application/json', '{}')).statusCode, 204, 'says nothing')
  t.equal((await report('application/csp-report', '['.repeat(20_000))).statusCode, 413)
  t.equal(breaches().length, 11)
})
