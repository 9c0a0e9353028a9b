import { existsSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import type * as Sdk from '@rollcall/sdk'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'
import { notRun } from './databases.ts'
import { startServer, type TestOptions } from './server.ts'

export const executablePath = process.env.ROLLCALL_TEST_CHROMIUM ?? '/usr/bin/chromium'

/** Browsers trust it with secure cookies and Web Locks, as if it were https. */
export const publicUrl = 'http://rollcall.localhost'

/** Whether there is a browser here; if not, what is not tested for it is named. */
export function hasBrowser(what: string): boolean {
  if (existsSync(executablePath)) return true
  notRun(`Chromium: ${what} (install chromium)`)
  return false
}

/** The real server, and a browser to which it is `publicUrl`. */
export async function openBrowser(t: Test, options: TestOptions = {}) {
  const config = { ...options.config, publicUrl, audience: publicUrl }
  const server = await startServer(t, { ...options, config })
  const rules = `--host-resolver-rules=MAP rollcall.localhost ${new URL(server.url).host}`
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', rules]
  const browser: Browser = await chromium.launch({ executablePath, args })
  t.teardown(() => browser.close())
  return { server, browser }
}

declare global {
  var sdk: typeof Sdk
  var client: Sdk.Client
}

/** Opens an empty page of the server’s origin, which has the sources of the SDK as `sdk`. */
export async function openPage(page: Page) {
  await serveSources(page.context())
  await page.goto(`${publicUrl}/page/`)
  await page.evaluate(async (baseUrl) => {
    globalThis.sdk = await import(`${baseUrl}/page/index.ts`)
  }, publicUrl)
}

async function serveSources(context: BrowserContext) {
  await context.route(`${publicUrl}/page/**`, (route) => {
    const name = new URL(route.request().url()).pathname.replace('/page/', '')
    if (name === '') return route.fulfill({ contentType: 'text/html', body: '<!doctype html>' })
    const source = new URL(`../../../../packages/sdk/src/${name}`, import.meta.url)
    const body = stripTypeScriptTypes(readFileSync(source, 'utf8'))
    return route.fulfill({ contentType: 'text/javascript', body })
  })
}
