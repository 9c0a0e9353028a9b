import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { dialogOf, inBrowser, makeUsers, password, signIn } from './panel.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

await inBrowser('the accessibility of the admin panel', async (t, panel) => {
  await t.test('before the first superuser axe finds nothing', async (t) => {
    const page = await panel.open('/', { bypassCSP: true })
    await page.getByRole('heading', { name: 'Make the first superuser' }).waitFor()
    await examine(t, page, 'first run')
    await page.context().close()
  })

  const root = await panel.createSuperuser()
  const names = Array.from({ length: 26 }, (_, index) => `person${index}`)
  for (const username of names) {
    await root.invitations.create({ username, email: `${username}@example.com` })
  }
  const [alice = ''] = await makeUsers(root, ['alice'], { first_name: 'Alice' })
  const role = await root.roles.create({ name: 'reader', permissions: ['users.view'] })
  await root.users.setRoles(alice, { roles: [role.id] })
  const paths = {
    '/': 'Overview',
    '/users': 'Users',
    '/users/new': 'New user',
    [`/users/${alice}`]: 'alice',
    '/roles': 'Roles',
    '/roles/new': 'New role',
    [`/roles/${role.id}`]: 'reader',
    '/audit': 'Audit trail',
    '/keys': 'Signing keys',
    '/api': 'API',
    '/nowhere': 'There is nothing here',
  }

  await t.test('axe finds nothing on any page, in both themes', async (t) => {
    const page = await panel.open('/', { bypassCSP: true })
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await examine(t, page, 'sign-in')
    await signIn(page, 'root')
    for (const [path, title] of Object.entries(paths)) {
      await page.goto(`${panel.url}/admin${path}`)
      await settle(page, title)
      await examine(t, page, path)
    }
    await page.goto(`${panel.url}/admin/users`)
    await settle(page, 'Users')
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByRole('checkbox', { name: 'Select alice' }).check()
    await examine(t, page, 'filters and a selection')
    await page.getByRole('button', { name: 'Do with them' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).waitFor()
    await examine(t, page, 'menu', { isOver: true })
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await dialogOf(page, 'Delete 1 account for good?').waitFor()
    await examine(t, page, 'question', { isOver: true })
    await page.context().close()
  })

  await t.test('at 320 px no page scrolls sideways, and the navigation opens', async (t) => {
    const page = await panel.openAs('root', '/', { viewport: { width: 320, height: 640 } })
    for (const [path, title] of Object.entries(paths)) {
      await page.goto(`${panel.url}/admin${path}`)
      await settle(page, title)
      const width = await page.evaluate('document.documentElement.scrollWidth')
      t.ok(Number(width) <= 320, `${path} is ${width} px wide`)
    }
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click()
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
    t.notOk(await page.getByRole('navigation', { name: 'Main' }).isVisible(), 'and closes')
    await page.context().close()
  })

  await t.test('without a mouse: sign in, find, open, change, save, and come back', async (t) => {
    const page = await panel.open()
    const { keyboard } = page
    await page.locator(':focus[name=username]').waitFor()
    await keyboard.type('root')
    await keyboard.press('Tab')
    await keyboard.type(password)
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Overview' }).waitFor()

    await keyboard.press('g')
    await keyboard.press('u')
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
    await page.getByRole('rowheader', { name: 'alice' }).waitFor()
    await focused(page, 'Users')
    t.pass('a new page has the focus on its heading')

    await keyboard.press('ArrowDown')
    await keyboard.press('ArrowDown')
    await focused(page, 'person25')
    await keyboard.press('x')
    await keyboard.press('ArrowUp')
    await keyboard.press('Space')
    await page.getByText('2 accounts selected').waitFor()
    await focused(page, 'alice')

    await keyboard.press('/')
    await keyboard.type('alice')
    await page.getByRole('rowheader', { name: 'person25' }).waitFor({ state: 'detached' })
    await keyboard.press('ArrowDown')
    await keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'alice' }).waitFor()

    await page.getByLabel('First name').waitFor()
    await tabTo(page, 'first_name')
    await keyboard.press('ControlOrMeta+a')
    await keyboard.type('Alicia')
    await keyboard.press('Enter')
    await page.getByText('Saved.').waitFor()
    t.equal((await root.users.get(alice)).first_name, 'Alicia')

    await page.getByRole('button', { name: 'Delete' }).focus()
    await keyboard.press('Enter')
    await dialogOf(page, 'Delete alice for good?').waitFor()
    await keyboard.press('Escape')
    await focused(page, 'Delete')
    t.pass('a closed dialog gives the focus back')

    await keyboard.press('?')
    const list = dialogOf(page, 'Keys of the keyboard')
    await list.waitFor()
    await list.getByLabel('Single keys do something').uncheck()
    await keyboard.press('Escape')
    await list.waitFor({ state: 'detached' })
    await keyboard.press('?')
    t.equal(await list.count(), 0, 'WCAG 2.1.4: they can be turned off')
    await page.context().close()
  })

  t.same(panel.complaints, [], 'the browser had nothing to complain of')
})

/** The page as it stands when all has been answered. */
async function settle(page: Page, title: string) {
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  await page.locator('.skeleton').first().waitFor({ state: 'detached' })
}

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

/** What lies over a page has no landmarks and no heading of its own. */
async function examine(t: Test, page: Page, what: string, { isOver = false } = {}) {
  const tags = isOver ? wcag : [...wcag, 'best-practice']
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.evaluate(axe)
    const violations: Violation[] = await page.evaluate(
      `axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then(({ violations }) => violations)`,
    )
    const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])
    t.same(found, [], `${what}, ${colorScheme}`)
  }
}

/** Waits for the focus to be on what has this text and nothing else. */
function focused(page: Page, text: string) {
  return page
    .locator(':focus')
    .getByText(text, { exact: true })
    .or(page.locator(`:focus:text-is("${text}")`))
    .first()
    .waitFor()
}

async function tabTo(page: Page, name: string) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    if ((await page.locator(`:focus[name="${name}"]`).count()) > 0) return
  }
  throw new Error(`Tab never reaches ${name}`)
}
