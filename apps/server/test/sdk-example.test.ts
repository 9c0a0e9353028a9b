import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import {
  createProject,
  type Project,
  packageDir,
} from '../../../packages/sdk/test/package/project.ts'
import { executablePath, hasBrowser } from './support/browser.ts'
import { password, startServer } from './support/server.ts'

if (hasBrowser('the example of the SDK')) testExample()

/** All that the example may use besides the SDK and its README. */
const packages = [
  'react',
  'react-dom',
  '@types/react',
  '@types/react-dom',
  'vite',
  '@vitejs/plugin-react',
]

function testExample() {
  t.test('the example has sign-up, sign-in, a profile and a list of accounts', async (t) => {
    const { server, site, openTab } = await start(t)
    const page = await openTab()

    await fill(page, 'Open an account', { Name: 'alice', 'E-mail': 'alice@example.com' })
    await fill(page, 'Open an account', { 'New password': 'short' })
    await press(page, 'Sign up')
    await page.getByText(/at least 8 characters/i).waitFor()
    await fill(page, 'Open an account', { 'New password': password })
    await press(page, 'Sign up')
    await page.getByRole('heading', { name: 'Hello, alice' }).waitFor()
    t.equal(await page.getByRole('heading', { name: 'Accounts' }).count(), 0, 'which is for staff')
    const kept = '({ cookie: document.cookie, ...localStorage, ...sessionStorage })'
    t.same(await page.evaluate(kept), { cookie: '' }, 'no script sees a token')

    await fill(page, 'Hello', { 'First name': 'Alicia' })
    await press(page, 'Save')
    await page.getByRole('heading', { name: 'Hello, Alicia' }).waitFor()
    const other = await openTab()
    await other.getByRole('heading', { name: 'Hello, Alicia' }).waitFor()

    server.clock.advance(301)
    await fill(page, 'Hello', { 'E-mail': 'alicia@example.com' })
    await press(page, 'Save')
    await fill(page, 'Hello', { Password: 'wrong' })
    await press(page, 'Save')
    await page
      .getByRole('textbox', { name: 'Password' })
      .and(page.locator('[aria-invalid=true]'))
      .waitFor()
    await fill(page, 'Hello', { Password: password })
    await press(page, 'Save')
    await page.getByRole('textbox', { name: 'Password' }).waitFor({ state: 'detached' })
    await page.reload()
    t.equal(await page.getByLabel('E-mail').inputValue(), 'alicia@example.com')

    await press(page, 'Sign out')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await other.getByRole('heading', { name: 'Sign in' }).waitFor()
    t.pass('and in the other tab too')

    await server.signUp('root', { is_superuser: true })
    for (let count = 0; count < 20; count += 1) await server.signUp()
    await fill(page, 'Sign in', { 'Name or e-mail': 'root', Password: 'wrong' })
    await press(page, 'Sign in')
    await page.getByRole('alert').waitFor()
    await fill(page, 'Sign in', { Password: password })
    await press(page, 'Sign in')
    await page.getByRole('heading', { name: 'Accounts' }).waitFor()
    await page.getByRole('listitem').nth(19).waitFor()
    await press(page, 'More')
    await page.getByText('alice (alicia@example.com)').waitFor()
    t.equal(await page.getByRole('listitem').count(), 22)
    await page.getByLabel('Search').fill('alic')
    await page.getByRole('listitem').nth(1).waitFor({ state: 'detached' })
    t.equal(await page.getByRole('listitem').textContent(), 'alice (alicia@example.com)')
    t.equal(new URL(page.url()).origin, site)
  })
}

/** The example, built with the packed SDK, in a browser in front of the real server. */
async function start(t: Test) {
  const site = `http://localhost:${await findFreePort()}`
  const server = await startServer(t, { config: { corsOrigins: site } })
  await serveExample(t, await buildExample(t, server.url), site)
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
  const browser = await chromium.launch({ executablePath, args })
  t.teardown(() => browser.close())
  const context = await browser.newContext()

  async function openTab() {
    const page = await context.newPage()
    await page.goto(site)
    return page
  }

  return { server, site, openTab }
}

async function buildExample(t: Test, serverUrl: string): Promise<Project> {
  const project = await createProject(t, packages)
  cpSync(join(packageDir, 'examples/react'), project.folder, { recursive: true })
  const config = readFileSync(project.path('vite.config.ts'), 'utf8')
  project.write('vite.config.ts', config.replace('http://127.0.0.1:8000', serverUrl))
  const options = JSON.parse(readFileSync(project.path('tsconfig.json'), 'utf8')).compilerOptions
  t.equal(project.compile(['src/main.tsx'], options), '', 'the example compiles')
  project.run('node_modules/vite/bin/vite.js', 'build')
  return project
}

async function serveExample(t: Test, project: Project, site: string) {
  const { port } = new URL(site)
  const vite = ['node_modules/vite/bin/vite.js', 'preview', '--port', port, '--strictPort']
  const env = { ...process.env, NODE_OPTIONS: '' }
  const child = spawn(process.execPath, vite, { cwd: project.folder, env, stdio: 'pipe' })
  t.teardown(() => child.kill())
  for await (const text of child.stdout) if (String(text).includes(port)) return
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0)
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  return port
}

/** Fills the fields of the form under this heading. */
async function fill(page: Page, heading: string, fields: Record<string, string>) {
  const form = page.locator('form', { has: page.getByRole('heading', { name: heading }) })
  for (const [label, value] of Object.entries(fields)) {
    await form.getByLabel(label).fill(value)
  }
}

function press(page: Page, name: string) {
  return page.getByRole('button', { name, exact: true }).click()
}
