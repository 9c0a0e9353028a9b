import { existsSync } from 'node:fs'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import t from 'tap'
import { packageDir } from './package/project.ts'

const executablePath = process.env.ROLLCALL_TEST_CHROMIUM ?? '/usr/bin/chromium'

/** A page as a server has made it, which React takes over; what it sends and tells is noted. */
const program = `
  import { createElement as h } from 'react'
  import { hydrateRoot } from 'react-dom/client'
  import { renderToString } from 'react-dom/server'
  import { createClient } from './src/index.ts'
  import { RollcallProvider, SignedIn, SignedOut, useCan, useSession, useUser } from './src/react/index.ts'

  window.sent = []
  window.errors = []
  const user = { username: 'alice', permissions: ['users.view'] }
  const fetch = async (url, { method }) => {
    const path = new URL(url).pathname
    sent.push(method + ' ' + path)
    const isToken = path.startsWith('/api/token')
    return Response.json(isToken ? { access: 'a', refresh: 'r', token_type: 'Bearer', expires_in: 300 } : user)
  }
  const client = () => createClient({ baseUrl: 'http://rollcall.test', fetch, storage: localStorage })

  function Page() {
    const { status } = useSession()
    return h('p', null, [status, useUser()?.username, useCan('users.view')].join(' '),
      h(SignedIn, null, ' in'), h(SignedOut, null, ' out'))
  }

  const root = document.getElementById('root')
  window.hydrate = (initialState) => {
    window.client = client()
    const page = h(RollcallProvider, { client: window.client, initialState }, h(Page))
    root.innerHTML = renderToString(page)
    window.rendered = root.textContent
    window.app = hydrateRoot(root, page, { onRecoverableError: (error) => errors.push(String(error)) })
  }
  window.signInBefore = () => client().auth.signIn({ username: 'alice', password: 'x' })
`

if (existsSync(executablePath)) {
  t.test('React takes over what a server has rendered, and sends nothing', async (t) => {
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu'],
    })
    t.teardown(() => browser.close())
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.route('http://site.test/', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><div id="root"></div>' }),
    )
    await page.goto('http://site.test/')
    await page.addScriptTag({ content: await bundle() })
    const shown = (text: string) => page.getByText(text, { exact: true }).waitFor()

    await page.evaluate('hydrate()')
    t.equal(await page.evaluate('rendered'), 'unknown  false')
    await shown('signed_out  false out')
    t.same(await page.evaluate('sent'), [], 'nobody was asked')

    await page.evaluate('app.unmount()')
    await page.evaluate('signInBefore()')
    await page.evaluate(
      `hydrate({ status: 'signed_in', user: { username: 'alice', permissions: [] } })`,
    )
    t.equal(await page.evaluate('rendered'), 'signed_in alice false in')
    t.same(await page.evaluate('sent'), ['POST /api/token/'])
    await page.evaluate('client.auth.loadUser()')
    await shown('signed_in alice true in')
    await page.evaluate('client.auth.signOut()')
    await shown('signed_out  false out')

    t.same(await page.evaluate('errors'), [], 'both have rendered the same')
    t.same(
      complaints.filter((text) => !/DevTools/.test(text)),
      [],
    )
  })
} else {
  t.test(
    'React takes over what a server has rendered',
    { skip: 'Chromium (install chromium)' },
    () => {},
  )
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: packageDir },
    bundle: true,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"development"' },
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}
