import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { notRun } from '../support/databases.ts'
import { password, startServer } from '../support/server.ts'

const executablePath = process.env.ROLLCALL_TEST_CHROMIUM ?? '/usr/bin/chromium'

if (existsSync(executablePath)) testInBrowser()
else notRun('Chromium: browser tests of the page that sets a password (install chromium)')

function testInBrowser() {
  let browser: Browser
  let server: Awaited<ReturnType<typeof startServer>>
  let made = 0

  t.before(async () => {
    server = await startServer(t)
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
    browser = await chromium.launch({ executablePath, args })
  })
  t.teardown(() => browser?.close())

  /** The token of a link for a new account. */
  async function invite() {
    const root = await server.signUp(`root${++made}`, { is_superuser: true })
    const username = `guest${made}`
    const { body } = await server.call('POST', '/api/invitations/', {
      token: root.access,
      body: { username, email: `${username}@example.com` },
    })
    return { username, token: new URL(body.link.url).hash.slice(1) }
  }

  async function open(t: Test, fragment: string, width = 320) {
    const page = await browser.newPage({ viewport: { width, height: 640 } })
    t.teardown(() => page.close())
    const seen: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => seen.push(`${request.url()} ${request.headers().referer}`))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => complaints.push(message.text()))
    await page.goto(`${server.url}/set-password/#${fragment}`)
    return { page, seen, complaints }
  }

  async function choose(page: Page, text: string) {
    await page.getByLabel('New password').fill(text)
    await page.getByRole('button', { name: 'Set password' }).click()
  }

  t.test('ASVS 14.2.1: the token leaves the address bar, and is in no URL sent', async (t) => {
    const { token, username } = await invite()
    const { page, seen, complaints } = await open(t, token)
    const field = page.getByLabel('New password')
    t.equal(await field.getAttribute('autocomplete'), 'new-password')
    t.equal(page.url(), `${server.url}/set-password/`)
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, 'nothing sticks out')

    await choose(page, 'staple-paper-clip-42')
    await page.getByRole('heading', { name: 'Your password is set' }).waitFor()
    t.notOk(await field.isVisible())
    t.ok(await page.getByRole('link', { name: 'Go to Rollcall' }).isVisible())
    t.notOk(seen.join().includes(token))
    t.same(complaints, [])
    const body = { username, password: 'staple-paper-clip-42' }
    t.equal((await server.call('POST', '/api/token/', { body })).status, 200)
  })

  t.test('a weak password is refused next to the field, and the link still works', async (t) => {
    const { token } = await invite()
    const { page } = await open(t, token)
    const field = page.getByLabel('New password')
    await choose(page, 'short')
    await page.getByText('Use at least 8 characters.').waitFor()
    t.equal(await field.getAttribute('aria-invalid'), 'true')
    t.equal(await page.locator('#password:focus').count(), 1)
    await choose(page, 'staple-paper-clip-42')
    await page.getByRole('heading', { name: 'Your password is set' }).waitFor()
    t.pass()
  })

  t.test('ASVS 6.2.6, 6.2.7: the password is masked, can be shown, and is pasted', async (t) => {
    const { token } = await invite()
    const { page } = await open(t, token)
    const field = page.getByLabel('New password')
    t.equal(await field.getAttribute('type'), 'password')
    await page.getByRole('button', { name: 'Show password' }).click()
    t.equal(await field.getAttribute('type'), 'text')
    await page.getByRole('button', { name: 'Hide password' }).click()
    t.equal(await field.getAttribute('type'), 'password')

    await field.focus()
    await page.keyboard.insertText('pasted-by-a-manager')
    t.equal(await field.inputValue(), 'pasted-by-a-manager')
  })

  t.test('a link that works no more says so and asks for nothing', async (t) => {
    const { page } = await open(t, 'rco_unknown')
    await choose(page, password)
    await page.getByRole('alert').filter({ hasText: 'Ask for another' }).waitFor()
    t.notOk(await page.getByLabel('New password').isVisible())
  })

  t.test('a link without its token says so; another one may follow in the same tab', async (t) => {
    const { page } = await open(t, '')
    await page.getByRole('alert').filter({ hasText: 'not complete' }).waitFor()
    t.notOk(await page.getByLabel('New password').isVisible())
    const { token } = await invite()
    await page.goto(`${server.url}/set-password/#${token}`)
    await choose(page, 'staple-paper-clip-42')
    await page.getByRole('heading', { name: 'Your password is set' }).waitFor()
    t.pass()
  })
}
