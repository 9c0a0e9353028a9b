import { existsSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import type * as Sdk from '@rollcall/sdk'
import { chromium, type Page } from 'playwright-core'
import t from 'tap'
import { notRun } from './support/databases.ts'
import { password, startServer } from './support/server.ts'

const executablePath = process.env.ROLLCALL_TEST_CHROMIUM ?? '/usr/bin/chromium'
/** Browsers trust it with secure cookies, as if it were https. */
const publicUrl = 'http://rollcall.localhost'

if (existsSync(executablePath)) testInBrowser()
else notRun('Chromium: the SDK in cookie mode (install chromium)')

declare global {
  var sdk: typeof Sdk
  var client: Sdk.Client
}

function testInBrowser() {
  t.test('a browser keeps people signed in by a cookie that no script sees', async (t) => {
    const server = await startServer(t, { config: { publicUrl, audience: publicUrl } })
    const { username } = await server.signUp('alice')
    const rules = `--host-resolver-rules=MAP rollcall.localhost ${new URL(server.url).host}`
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', rules]
    const browser = await chromium.launch({ executablePath, args })
    t.teardown(() => browser.close())
    const context = await browser.newContext()
    const page = await context.newPage()
    await openPage(page)

    t.equal(await page.evaluate(() => client.auth.isSignedIn()), false)
    await page.evaluate((credentials) => client.auth.signIn(credentials), { username, password })
    t.equal(await nameOfMe(page), 'alice')
    const cookies = await context.cookies()
    t.match(cookies, [{ name: '__Host-rollcall_refresh', httpOnly: true, sameSite: 'Strict' }])
    const kept = '({ cookie: document.cookie, ...localStorage, ...sessionStorage })'
    t.same(await page.evaluate(kept), { cookie: '' }, 'a script sees nothing')

    await openPage(page)
    server.clock.advance(301)
    t.equal(await nameOfMe(page), 'alice', 'a page loaded anew goes on')
    t.not((await context.cookies())[0]?.value, cookies[0]?.value, 'and the cookie has rotated')

    t.equal(await changeEmail(page), 'reauthentication_required')
    await page.evaluate((password) => client.auth.reauthenticate({ password }), password)
    t.equal(await changeEmail(page), 'new@example.com')

    await page.evaluate(() => client.auth.signOut())
    t.same(await context.cookies(), [])
    await openPage(page)
    t.equal(await page.evaluate(() => client.auth.isSignedIn()), false)
  })
}

/** A page of the server’s own origin, with a client in cookie mode that it starts with. */
async function openPage(page: Page) {
  await page.route(`${publicUrl}/page/**`, (route) => {
    const name = new URL(route.request().url()).pathname.replace('/page/', '')
    if (name === '') return route.fulfill({ contentType: 'text/html', body: '<!doctype html>' })
    const source = new URL(`../../../packages/sdk/src/${name}`, import.meta.url)
    const body = stripTypeScriptTypes(readFileSync(source, 'utf8'))
    return route.fulfill({ contentType: 'text/javascript', body })
  })
  await page.goto(`${publicUrl}/page/`)
  await page.evaluate(async (baseUrl) => {
    globalThis.sdk = await import(`${baseUrl}/page/index.ts`)
    globalThis.client = sdk.createClient({ baseUrl, mode: 'cookie' })
  }, publicUrl)
}

function nameOfMe(page: Page): Promise<string> {
  return page.evaluate(async () => (await client.users.me()).username)
}

/** The new address, or the code of the refusal. */
function changeEmail(page: Page): Promise<string> {
  return page.evaluate(() =>
    client.users.updateMe({ email: 'new@example.com' }).then(
      ({ email }) => email,
      ({ code }) => code,
    ),
  )
}
