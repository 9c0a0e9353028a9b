import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { type Client, createClient, type NewUser } from '@rollcall/sdk'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { createRollcall } from '../../server/test/commands/rollcall.ts'
import { startServing } from '../../server/test/commands/serving.ts'
import { notRun } from '../../server/test/support/databases.ts'

const executablePath = process.env.ROLLCALL_TEST_CHROMIUM ?? '/usr/bin/chromium'
const built = fileURLToPath(new URL('../dist/index.html', import.meta.url))

/** The password of every account that the tests make. */
export const password = 'correct-horse-battery'

/** Accounts that the tests make have a password at once. */
const settings = { ROLLCALL_LIMITS: 'off', ROLLCALL_STAFF_PASSWORDS: 'allowed' }

export type Panel = Awaited<ReturnType<typeof startPanel>>

/** Runs tests in a browser; where there is none, they are named as not run. */
export async function inBrowser(what: string, work: (t: Test, panel: Panel) => Promise<unknown>) {
  if (!existsSync(executablePath)) return notRun(`Chromium: ${what} (install chromium)`)
  await t.test(what, async (t) => {
    if (!existsSync(built)) throw new Error('Build first: pnpm --filter @rollcall/admin build')
    await work(t, await startPanel(t))
  })
}

/** The real server on a database of its own, and a browser, for the tests of one file. */
async function startPanel(t: Test) {
  const rollcall = createRollcall(t, settings)
  const server = await startServing(rollcall)
  const browser = await launch()
  t.teardown(async () => {
    await browser.close()
    await server.stop()
  })
  const { url } = server
  const complaints: string[] = []

  /** The operator makes a superuser, and the test a client that is signed in as it. */
  async function createSuperuser(username = 'root') {
    const args = ['--username', username, '--email', `${username}@example.com`]
    await rollcall.run(['create-superuser', ...args, '--password-stdin'], { input: password })
    return signedIn(username)
  }

  async function signedIn(username: string): Promise<Client> {
    const client = createClient({ baseUrl: url })
    await client.auth.signIn({ username, password })
    return client
  }

  /** A window of its own, as of another person, that notes what the browser complains of. */
  async function open(path = '/', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    context.setDefaultTimeout(30_000)
    const page = await context.newPage()
    watch(page, complaints)
    await page.goto(`${url}/admin${path}`)
    return page
  }

  /** The same, signed in. */
  async function openAs(username: string, path = '/', options: BrowserContextOptions = {}) {
    const page = await open(path, options)
    await signIn(page, username)
    return page
  }

  /** Changes what no call can, such as how long ago something was. */
  function inDatabase(sql: string) {
    const database = new DatabaseSync(join(rollcall.folder, 'data/rollcall.db'), { timeout: 5_000 })
    database.exec(sql)
    database.close()
  }

  return { url, server, complaints, createSuperuser, signedIn, open, openAs, inDatabase }
}

function launch(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
  return chromium.launch({ executablePath, args })
}

/** A refused call is shown by the panel, not a fault; all else that a browser says is one. */
function watch(page: Page, complaints: string[]) {
  page.on('console', (message) => {
    const isRefusal = message.text().startsWith('Failed to load resource')
    if (['error', 'warning'].includes(message.type()) && !isRefusal) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('dialog', (dialog) => {
    if (dialog.type() === 'beforeunload') return
    complaints.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname === '/csp-reports/') complaints.push(`a report: ${request.postData()}`)
  })
}

export async function signIn(page: Page, username: string, secret = password) {
  await page.getByLabel('Username or e-mail address').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(secret)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor({ state: 'detached' })
}

/** Makes accounts one after the other, so that they joined in this order. */
export async function makeUsers(
  client: Client,
  names: readonly string[],
  more: Partial<NewUser> = {},
) {
  const ids: string[] = []
  for (const username of names) {
    const email = `${username}@example.com`
    ids.push((await client.users.create({ username, email, password, ...more })).id)
  }
  return ids
}

/** A dialog by its title. */
export function dialogOf(page: Page, name: string | RegExp) {
  return page.getByRole('dialog', { name }).or(page.getByRole('alertdialog', { name }))
}
