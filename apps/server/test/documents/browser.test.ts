import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { notRun } from '../support/databases.ts'
import { password, startServer } from '../support/server.ts'

const executablePath = process.env.ROLLCALL_TEST_CHROMIUM ?? '/usr/bin/chromium'

if (existsSync(executablePath)) testInBrowser()
else notRun('Chromium: browser tests of the documents (install chromium)')

function testInBrowser() {
  let browser: Browser
  let server: Awaited<ReturnType<typeof startServer>>

  t.before(async () => {
    server = await startServer(t)
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
    browser = await chromium.launch({ executablePath, args })
  })
  t.teardown(() => browser?.close())

  /** A page of the server, and all that the browser complains of on it. */
  async function open(t: Test, url: string, options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await browser.newPage(options)
    t.teardown(() => page.close())
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() !== 'log') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('requestfailed', (request) => complaints.push(request.url()))
    await page.goto(url)
    return { page, complaints }
  }

  t.test('the home opens without a complaint, on a phone too', async (t) => {
    const { url } = server
    const { page, complaints } = await open(t, url, { viewport: { width: 320, height: 640 } })

    await page.getByText('JavaScript SDK').click()
    t.ok(await page.getByText("import { createClient } from '@rollcall/sdk'").isVisible())
    t.notOk(await page.getByText('TOKENS=$(curl').isVisible())
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, 'nothing sticks out')
    t.same(complaints, [])
  })

  t.test('the home can be read and its snippets chosen without a script', async (t) => {
    const { url } = server
    const { page } = await open(t, url, { javaScriptEnabled: false })
    await page.getByText('JavaScript SDK').click()
    t.ok(await page.getByText("import { createClient } from '@rollcall/sdk'").isVisible())
    t.equal(await page.getByRole('button').count(), 0, 'no button that does nothing')
  })

  t.test('a snippet is copied as it is shown', async (t) => {
    const { url } = server
    const { page, complaints } = await open(t, url, {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await page.getByRole('button', { name: 'Copy: Open an account' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const shown = await page.getByRole('group', { name: 'Open an account' }).textContent()
    t.equal(await page.evaluate('navigator.clipboard.readText()'), shown)
    t.same(complaints, [])
  })

  t.test('a link to an endpoint opens it', async (t) => {
    const { url } = server
    const { page } = await open(t, `${url}/#users.updateMe`)
    await page.locator('[id="users.updateMe"][open]').waitFor()
    t.pass()
  })

  t.test('Swagger UI signs in once, and the token is sent from then on', async (t) => {
    const { url, signUp } = server
    await signUp('alice')
    const { page, complaints } = await open(t, `${url}/docs/#/Tokens/token.create`)
    const hint = page.getByRole('status')
    t.match(await hint.textContent(), /sign in once/)

    const signIn = operation(page, 'token.create')
    await signIn.locator('textarea').fill(JSON.stringify({ username: 'alice', password }))
    await signIn.getByRole('button', { name: 'Execute' }).click()
    await hint.filter({ hasText: 'Signed in' }).waitFor()

    const me = operation(page, 'users.me')
    await me.locator('.opblock-summary-control').click()
    await me.getByRole('button', { name: 'Execute' }).click()
    const answer = me.locator('.live-responses-table .response')
    t.match(await answer.textContent(), /^200.*"username": "alice"/s)
    t.match(await me.locator('.request-url').textContent(), `${url}/api/users/me/`)
    t.match(await answer.textContent(), /Request duration/)

    t.same(await page.evaluate('({ ...localStorage, ...sessionStorage })'), {}, 'nothing is kept')
    t.same(complaints, [])
  })

  t.test('Swagger UI leads home and filters', async (t) => {
    const { url } = server
    const { page, complaints } = await open(t, `${url}/docs`)
    t.equal(page.url(), `${url}/docs/`)
    await page.locator('.operation-filter-input').fill('Tokens')
    await operation(page, 'users.me').waitFor({ state: 'detached' })
    t.ok(await operation(page, 'token.create').isVisible())
    await page.getByRole('link', { name: '← Rollcall' }).click()
    await page.waitForURL(`${url}/`)
    t.same(complaints, [])
  })
}

/** Swagger UI escapes the dots of an operation id. */
function operation(page: Page, id: string) {
  return page.locator(`.opblock[id$="-${id.replaceAll('.', '\\\\.')}"]`)
}
