import type { BrowserContext, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { hasBrowser, openBrowser, openPage, publicUrl } from './support/browser.ts'
import { password } from './support/server.ts'

const [tabs, callsPerTab] = [6, 5]

if (hasBrowser('the SDK in several tabs')) testTabs()

function testTabs() {
  t.test('six tabs with five calls each on an expired token make one renewal', async (t) => {
    const { pages, refreshes, expire } = await openTabs(t)
    for (let round = 1; round <= 5; round += 1) {
      await expire()
      t.same(await callInAll(pages), Array(tabs * callsPerTab).fill('alice'))
      t.equal(refreshes(), round)
    }
    t.equal(await pages[0]?.evaluate(() => client.auth.isSignedIn()), true)
  })

  t.test('with the cookie each tab renews for itself, one after the other', async (t) => {
    const { pages, refreshes, expire } = await openTabs(t, { mode: 'cookie' })
    t.same(await callInAll(pages), Array(tabs * callsPerTab).fill('alice'))
    const before = refreshes()
    await expire()
    t.same(await callInAll(pages), Array(tabs * callsPerTab).fill('alice'))
    t.equal(refreshes() - before, tabs)

    await pages[0]?.evaluate(() => client.auth.signOut())
    for (const page of pages) {
      t.equal(await page.evaluate(() => client.auth.isSignedIn()), false, 'signed out everywhere')
    }
  })

  t.test('without Web Locks all calls succeed too, and stay signed in', async (t) => {
    const { pages, refreshes, expire } = await openTabs(t, { withLocks: false })
    for (let round = 1; round <= 5; round += 1) {
      await expire()
      t.same(await callInAll(pages), Array(tabs * callsPerTab).fill('alice'))
    }
    t.ok(refreshes() >= 5)
    for (const page of pages) t.equal(await page.evaluate(() => client.auth.isSignedIn()), true)
  })
}

/** What a client of a tab is made with; in cookie mode each tab has an access token of its own. */
type Mode = 'bearer' | 'cookie'

/** Tabs of one person, who is signed in; `expire` ends the life of the access token. */
async function openTabs(t: Test, { withLocks = true, mode = 'bearer' as Mode } = {}) {
  const { server, browser } = await openBrowser(t)
  const { username } = await server.signUp('alice')
  const context = await browser.newContext()
  const refreshes = countRefreshes(context)
  const pages = await Promise.all(Array.from({ length: tabs }, () => context.newPage()))
  for (const page of pages) {
    if (!withLocks) await page.addInitScript('delete Navigator.prototype.locks')
    await openPage(page)
    await page.evaluate(
      ({ baseUrl, mode }) => {
        const now = () => Date.now() + Number(localStorage.getItem('elapsed'))
        globalThis.client = sdk.createClient({ baseUrl, mode, storage: localStorage, now })
        // Whoever listens hears of a sign-in in another tab.
        client.auth.onChange(() => {})
      },
      { baseUrl: publicUrl, mode },
    )
    // As fully loaded pages have it.
    await page.evaluate(() => client.auth.isSignedIn())
  }
  await pages[0]?.evaluate((given) => client.auth.signIn(given), { username, password })

  async function expire() {
    server.clock.advance(301)
    await pages[0]?.evaluate(() => {
      localStorage.setItem('elapsed', String(Number(localStorage.getItem('elapsed')) + 301_000))
    })
    for (const page of pages) await page.waitForFunction(elapsedIs, await elapsedOf(pages[0]))
  }

  return { pages, refreshes, expire }
}

function countRefreshes(context: BrowserContext) {
  let count = 0
  context.on('request', (request) => {
    if (request.url().endsWith('/api/token/refresh/')) count += 1
  })
  return () => count
}

function elapsedOf(page: Page | undefined) {
  return page?.evaluate(() => localStorage.getItem('elapsed'))
}

function elapsedIs(elapsed: string | null | undefined) {
  return localStorage.getItem('elapsed') === elapsed
}

/** What every call answers, all begun at once. */
async function callInAll(pages: Page[]): Promise<string[]> {
  const answers = pages.map((page) =>
    page.evaluate(
      (count) =>
        Promise.all(
          Array.from({ length: count }, () =>
            client.users.me().then(
              ({ username }) => username,
              (error) => String(error),
            ),
          ),
        ),
      callsPerTab,
    ),
  )
  return (await Promise.all(answers)).flat()
}
