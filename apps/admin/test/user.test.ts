import type { Page } from 'playwright-core'
import { dialogOf, inBrowser, makeUsers, password } from './panel.ts'

await inBrowser('one user in the admin panel', async (t, panel) => {
  const root = await panel.createSuperuser()
  const [id = '', other = ''] = await makeUsers(root, ['alice', 'bob'])
  const [clerk = ''] = await makeUsers(root, ['clerk'], { is_staff: true })
  const page = await panel.openAs('root', `/users/${id}`)
  await page.getByRole('heading', { level: 1, name: 'alice' }).waitFor()

  await t.test('a change is saved, and shows in the history with before and after', async (t) => {
    await page.getByLabel('First name').fill('Alice')
    await page.getByLabel('Address').fill('1 Rabbit Hole\nOxford')
    await save(page)
    const user = await root.users.get(id)
    t.match(user, { first_name: 'Alice', address: '1 Rabbit Hole\nOxford' })
    await page.getByText('Members of an account were changed.').first().click()
    const change = page.getByRole('row', { name: 'first_name' })
    t.equal(await change.getByRole('cell').nth(0).textContent(), 'null')
    t.equal(await change.getByRole('cell').nth(1).textContent(), 'Alice')
  })

  await t.test(
    'the rules of the contract speak at their fields before anything is sent',
    async (t) => {
      const calls: string[] = []
      page.on('request', (request) => calls.push(request.method()))
      await page.getByLabel('Username').fill('not a name')
      await page.getByLabel('E-mail').fill('nowhere')
      await page.getByLabel('Last name').fill('x'.repeat(151))
      await page.getByRole('button', { name: 'Save changes' }).click()
      await page.getByText('Only letters, digits and').first().waitFor()
      await page.getByText('This is not an e-mail address.').waitFor()
      await page.getByText('At most 150 characters; this has 151.').waitFor()
      t.equal(await page.locator('[name=username]:focus').count(), 1, 'the first one has the focus')
      t.equal(await page.getByLabel('Username').getAttribute('aria-invalid'), 'true')
      t.notOk(calls.includes('PATCH'))
      await page.getByRole('button', { name: 'Discard changes' }).click()
      t.equal(await page.getByLabel('Username').inputValue(), 'alice')
    },
  )

  await t.test('what the server refuses stands at its field, until it is changed', async (t) => {
    await page.getByLabel('Username').fill('BOB')
    await page.getByRole('button', { name: 'Save changes' }).click()
    const problem = page.locator('.problem')
    await problem.waitFor()
    const described = await page.getByLabel('Username').getAttribute('aria-describedby')
    t.match(described, await problem.getAttribute('id'))
    await page.getByLabel('Username').fill('alice')
    await problem.waitFor({ state: 'detached' })
    t.equal((await root.users.get(id)).username, 'alice')
  })

  await t.test('of two edits at once both versions show, and each field is chosen', async (t) => {
    await page.getByLabel('First name').fill('Mine')
    await page.getByLabel('Phone').fill('+442079460958')
    await root.users.update(id, { first_name: 'Theirs', last_name: 'Also theirs' })
    await page.getByRole('button', { name: 'Save changes' }).click()
    const conflict = dialogOf(page, 'Somebody else has changed this account')
    const names = conflict.getByRole('group', { name: 'First name' })
    await names.getByText('Mine').waitFor()
    await names.getByText('Theirs', { exact: true }).last().click()
    t.ok(await conflict.getByRole('group', { name: 'Phone' }).getByLabel('Yours').isChecked())
    t.ok(await conflict.getByRole('group', { name: 'Last name' }).getByLabel('Theirs').isChecked())
    await conflict.getByRole('button', { name: 'Save what is chosen' }).click()
    await conflict.waitFor({ state: 'detached' })
    t.match(await root.users.get(id), {
      first_name: 'Theirs',
      last_name: 'Also theirs',
      phone_number: '+442079460958',
    })
    t.equal(await page.getByLabel('Last name').inputValue(), 'Also theirs')
  })

  await t.test('unsaved changes are not lost by a link, and not by a reload', async (t) => {
    await page.getByLabel('First name').fill('Unsaved')
    await page.getByRole('link', { name: 'Roles' }).click()
    await dialogOf(page, 'Leave without saving?').getByRole('button', { name: 'Stay' }).click()
    t.equal(await page.getByLabel('First name').inputValue(), 'Unsaved')
    const [question] = await Promise.all([
      page.waitForEvent('dialog'),
      page.evaluate('setTimeout(() => location.reload())'),
    ])
    t.equal(question.type(), 'beforeunload')
    await question.dismiss()
    t.equal(await page.getByLabel('First name').inputValue(), 'Unsaved')
    await page.getByRole('button', { name: 'Discard changes' }).click()
  })

  await t.test(
    'a role acts at once in the window of its holder, and so does its loss',
    async (t) => {
      const { id: role } = await root.roles.create({ name: 'reader', permissions: ['users.view'] })
      const theirs = await panel.openAs('clerk')
      await theirs.getByText('There is nothing here that you may see').waitFor()
      t.equal(await theirs.getByRole('link', { name: 'Users' }).count(), 0, 'not offered')

      await page.goto(`${panel.url}/admin/users/${clerk}`)
      await page.getByRole('button', { name: 'Change roles' }).click()
      const dialog = dialogOf(page, 'Roles of clerk')
      await dialog.getByLabel('reader').check()
      await dialog.getByRole('button', { name: 'Save roles' }).click()
      await dialog.waitFor({ state: 'detached' })
      await returnTo(theirs)
      await theirs.getByRole('navigation').getByRole('link', { name: 'Users' }).click()
      await theirs.getByRole('rowheader', { name: 'bob' }).waitFor()
      t.equal(await theirs.getByRole('link', { name: 'New user' }).count(), 0)
      await theirs.getByRole('rowheader', { name: 'bob' }).getByRole('link').click()
      await theirs.getByRole('heading', { level: 1, name: 'bob' }).waitFor()
      t.equal(await theirs.getByRole('button', { name: 'Save changes' }).count(), 0, 'only to see')
      t.equal(await theirs.getByRole('button', { name: 'Delete' }).count(), 0)

      await root.users.setRoles(clerk, { roles: [] })
      await theirs.getByRole('link', { name: 'Users' }).first().click()
      await theirs.getByRole('heading', { name: 'You may not' }).waitFor()
      await theirs
        .getByRole('navigation')
        .getByRole('link', { name: 'Users' })
        .waitFor({ state: 'detached' })
      await root.roles.delete(role)
      await theirs.context().close()
    },
  )

  await t.test(
    'sessions are listed and ended: from then on the account is signed out',
    async (t) => {
      const bob = await panel.signedIn('bob')
      await page.goto(`${panel.url}/admin/users/${other}`)
      await page.getByRole('button', { name: 'Sign out everywhere' }).click()
      const question = dialogOf(page, 'Sign bob out everywhere?')
      await question.getByRole('button', { name: 'Sign out everywhere' }).click()
      await page.getByText('Signed in nowhere.').waitFor()
      await t.rejects(bob.users.me(), { code: 'token_not_valid' })
    },
  )

  await t.test('one of the own sessions can be ended, and not the one in use', async (t) => {
    const { id } = await root.users.me()
    const elsewhere = await panel.signedIn('root')
    await page.goto(`${panel.url}/admin/users/${id}`)
    await page.getByText('This one').waitFor()
    const buttons = page.getByRole('button', { name: 'End the session' })
    const before = await buttons.count()
    t.equal(before, (await root.sessions.list()).results.length - 1)
    await buttons.first().click()
    await page.getByText('Session ended.').waitFor()
    t.equal(
      (await root.sessions.list().catch(() => elsewhere.sessions.list())).results.length,
      before,
    )
  })

  await t.test('a password link is shown once, copied whole, and works', async (t) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(`${panel.url}/admin/users/${other}`)
    await page.getByRole('button', { name: 'Make a password link' }).click()
    const question = dialogOf(page, 'Make a password link for bob?')
    await question.getByRole('button', { name: 'Make a password link' }).click()
    const shown = dialogOf(page, 'A link to set a password')
    const link = await shown.getByLabel('Link', { exact: true }).inputValue()
    await shown.getByRole('button', { name: 'Copy Link' }).click()
    t.equal(await page.evaluate('navigator.clipboard.readText()'), link)
    await shown.getByRole('button', { name: 'Done' }).click()
    t.notMatch(await page.content(), link)
    const token = new URL(link).hash.slice(1)
    const admin = await panel.signedIn('root')
    await admin.password.set({ token, new_password: 'staple-paper-clip-42' })
    t.pass('its receiver has set a password')
  })

  await t.test('deactivating takes a reason, which the trail keeps', async (t) => {
    await page.getByRole('button', { name: 'Deactivate' }).click()
    const question = dialogOf(page, 'Deactivate bob?')
    await question.getByLabel('Reason').fill('Left the company.')
    await question.getByRole('button', { name: 'Deactivate' }).click()
    await page.getByRole('heading', { level: 1, name: 'bob Inactive' }).waitFor()
    const admin = await panel.signedIn('root')
    t.equal((await admin.users.get(other)).is_active, false)
    const { results } = await admin.users.audit(other)
    t.match(JSON.stringify(results), 'Left the company.')
    await page.getByRole('button', { name: 'Activate' }).waitFor()
  })

  await t.test('deleting wants the name typed, and leads back to the list', async (t) => {
    await page.getByRole('button', { name: 'Delete' }).click()
    const question = dialogOf(page, 'Delete bob for good?')
    t.ok(await question.getByRole('button', { name: 'Delete' }).isDisabled())
    await question.getByLabel('Type the username to confirm').fill('bob')
    await question.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
    const admin = await panel.signedIn('root')
    await t.rejects(admin.users.get(other), { code: 'not_found' })
    await page.goto(`${panel.url}/admin/users/${other}`)
    await page.getByRole('heading', { name: 'There is no such account' }).waitFor()
  })

  await t.test('staff are made by a link, by which they choose their password', async (t) => {
    await page.goto(`${panel.url}/admin/users/new`)
    await page.getByLabel('Username').fill('carol')
    await page.getByLabel('E-mail').fill('carol@example.com')
    await page.getByRole('checkbox', { name: 'Staff' }).check()
    await page.getByRole('button', { name: 'Create and get the link' }).click()
    const shown = dialogOf(page, 'A link to set a password')
    const token = new URL(await shown.getByLabel('Link', { exact: true }).inputValue()).hash.slice(
      1,
    )
    await shown.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('heading', { level: 1, name: 'carol' }).waitFor()
    await (await panel.signedIn('root')).password.set({ token, new_password: password })
    t.match(await (await panel.signedIn('carol')).users.me(), { is_staff: true })
  })

  t.same(panel.complaints, [], 'the browser had nothing to complain of')
})

async function save(page: Page) {
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved.').waitFor()
}

/** The window comes back to the front, as when a person returns to it. */
async function returnTo(page: Page) {
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
}
