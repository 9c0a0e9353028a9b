import type { Page } from 'playwright-core'
import { inBrowser, makeUsers } from './panel.ts'

/** What somebody may call themselves, and what must come of it: nothing but text. */
const hostile = {
  username: 'mallory',
  email: 'mallory@example.com',
  first_name: '<script>alert(1)</script><img src=x onerror=alert(2)>',
  last_name: `\u202egnp.${'W'.repeat(140)}`,
  address: `javascript:alert(3)\n"><svg onload=alert(4)>\n${'{{7*7}} '.repeat(100)}`,
}
const roleName = '<b onmouseover=alert(5)>\u202erole</b>'

await inBrowser('hostile content in the admin panel', async (t, panel) => {
  const root = await panel.createSuperuser()
  const { id } = await root.users.create(hostile)
  await makeUsers(root, ['alice'])
  const role = await root.roles.create({
    name: roleName,
    description: `<iframe src=javascript:alert(6)>${'x'.repeat(900)}`,
    permissions: [],
  })
  await root.users.setRoles(id, { roles: [role.id] })
  await root.users.update(id, { is_active: false, reason: '</textarea><script>alert(7)</script>' })
  const page = await panel.openAs('root', '/users')

  const paths = {
    '/users': hostile.first_name,
    [`/users/${id}`]: roleName,
    '/roles': roleName,
    [`/roles/${role.id}`]: 'mallory',
    '/audit': 'mallory',
    '/': 'mallory',
    '/api': 'users.me',
  }
  for (const [path, shown] of Object.entries(paths)) {
    await t.test(
      `${path.replace(/[0-9a-f-]{36}/, ':id')} shows it as text, and stays whole`,
      async (t) => {
        await page.setViewportSize({ width: 1280, height: 800 })
        await page.goto(`${panel.url}/admin${path}`)
        await page.getByText(shown).filter({ visible: true }).first().waitFor()
        t.equal(await foreignElements(page), 0, 'no element came of it')
        t.ok(await fits(page), 'nothing sticks out')
        await page.setViewportSize({ width: 320, height: 640 })
        t.ok(await fits(page), 'on a phone too')
      },
    )
  }

  await t.test('a name that runs right to left turns nothing around it', async (t) => {
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(`${panel.url}/admin/users`)
    const name = page.getByText(hostile.first_name).first()
    await name.waitFor()
    t.equal(await name.evaluate((element) => element.tagName), 'BDI')
  })

  await t.test('the question before a bulk action names whom, as text', async (t) => {
    await page.getByRole('checkbox', { name: 'Select mallory' }).check()
    await page.getByRole('button', { name: 'Do with them' }).click()
    await page.getByRole('menuitem', { name: 'Add role' }).click()
    const option = page.getByRole('alertdialog').getByRole('option').nth(-1)
    t.match(await option.textContent(), /./)
    t.equal(await foreignElements(page), 0)
    await page.keyboard.press('Escape')
  })

  await t.test('events show what was written, without doing any of it', async (t) => {
    await page.goto(`${panel.url}/admin/audit?target=${id}`)
    await page.getByRole('button', { name: 'Details' }).first().click()
    await page.getByRole('dialog').getByText('alert(7)').waitFor()
    t.equal(await foreignElements(page), 0)
    t.ok(await fits(page))
  })

  t.same(panel.complaints, [], 'no script ran, and no policy was broken')
})

/** Elements that the panel never makes. */
function foreignElements(page: Page): Promise<number> {
  return page
    .locator('body iframe, body b, body img[src="x"], body script, body svg[onload]')
    .count()
}

function fits(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')
}
