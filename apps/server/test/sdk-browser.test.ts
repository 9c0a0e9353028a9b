import type { Page } from 'playwright-core'
import t from 'tap'
import { hasBrowser, openBrowser, openPage, publicUrl } from './support/browser.ts'
import { password } from './support/server.ts'

if (hasBrowser('the SDK in cookie mode')) testInBrowser()

function testInBrowser() {
  t.test('a browser keeps people signed in by a cookie that no script sees', async (t) => {
    const { server, browser } = await openBrowser(t)
    const { username } = await server.signUp('alice')
    const context = await browser.newContext()
    const page = await context.newPage()
    await openWithCookie(page)

    t.equal(await page.evaluate(() => client.auth.isSignedIn()), false)
    await page.evaluate((credentials) => client.auth.signIn(credentials), { username, password })
    t.equal(await nameOfMe(page), 'alice')
    const cookies = await context.cookies()
    t.match(cookies, [{ name: '__Host-rollcall_refresh', httpOnly: true, sameSite: 'Strict' }])
    const kept = '({ cookie: document.cookie, ...localStorage, ...sessionStorage })'
    t.same(await page.evaluate(kept), { cookie: '' }, 'a script sees nothing')

    await openWithCookie(page)
    server.clock.advance(301)
    t.equal(await nameOfMe(page), 'alice', 'a page loaded anew goes on')
    t.not((await context.cookies())[0]?.value, cookies[0]?.value, 'and the cookie has rotated')

    t.equal(await changeEmail(page), 'reauthentication_required')
    await page.evaluate((password) => client.auth.reauthenticate({ password }), password)
    t.equal(await changeEmail(page), 'new@example.com')

    await page.evaluate(() => client.auth.signOut())
    t.same(await context.cookies(), [])
    await openWithCookie(page)
    t.equal(await page.evaluate(() => client.auth.isSignedIn()), false)
  })
}

/** A page with a client in cookie mode that it starts with. */
async function openWithCookie(page: Page) {
  await openPage(page)
  await page.evaluate((baseUrl) => {
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
