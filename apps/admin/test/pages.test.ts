import { dialogOf, inBrowser, makeUsers } from './panel.ts'

await inBrowser('the other pages of the admin panel', async (t, panel) => {
  const root = await panel.createSuperuser()
  const [alice = ''] = await makeUsers(root, ['alice'])
  const page = await panel.openAs('root')

  await t.test('the overview counts, draws, and says how the system is', async (t) => {
    await page.getByRole('link', { name: 'Accounts 2' }).waitFor()
    await page.getByRole('img', { name: /New accounts by day: 2 in all/ }).waitFor()
    await page.getByText('Show as a table').first().click()
    await page.getByRole('table', { name: 'New accounts by day' }).waitFor()
    await page.getByRole('link', { name: 'alice' }).first().waitFor()
    t.match(await page.getByRole('region', { name: 'System' }).textContent(), /SQLite \d/)
    await page.getByText('ROLLCALL_LIMITS is off').first().waitFor()
  })

  await t.test('a role is made, changed in the matrix of all, given, and deleted', async (t) => {
    await page.goto(`${panel.url}/admin/roles`)
    await page.getByRole('link', { name: 'New role' }).click()
    await page.getByLabel('Name').fill('helpdesk')
    await page.getByLabel('What it is for').fill('Answers the telephone.')
    await page.getByLabel('users.view').check()
    await page.getByRole('button', { name: 'Make role' }).click()
    await page.getByRole('heading', { level: 1, name: 'helpdesk' }).waitFor()
    const role = (await root.roles.list()).results.find(({ name }) => name === 'helpdesk')
    t.match(role, { description: 'Answers the telephone.', permissions: ['users.view'] })

    await page.getByLabel('sessions.view').check()
    await page.getByRole('button', { name: 'Save role' }).click()
    await page.getByText('Role saved.').waitFor()
    await root.users.setRoles(alice, { roles: [role?.id ?? ''] })
    await page.reload()
    await page
      .getByRole('region', { name: 'Who holds it' })
      .getByRole('link', { name: 'alice' })
      .waitFor()

    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: 'Roles' })
      .click()
    const row = page.getByRole('row', { name: /^sessions\.view/ })
    const roles = (await root.roles.list()).results.map(({ name }) => name)
    const cell = row.getByRole('cell').nth(roles.indexOf('helpdesk'))
    t.match(await cell.textContent(), /Allowed/)

    await page.getByRole('link', { name: 'helpdesk' }).click()
    await page.getByRole('button', { name: 'Delete role' }).click()
    const question = dialogOf(page, 'Delete the role helpdesk?')
    await question.getByText('1 account loses what it allows').waitFor()
    await question.getByRole('button', { name: 'Delete role' }).click()
    await page.getByRole('heading', { level: 1, name: 'Roles' }).waitFor()
    t.same((await root.users.get(alice)).roles, [])
  })

  await t.test('a name that is taken is refused at its field', async (t) => {
    await page.goto(`${panel.url}/admin/roles/new`)
    await page.getByLabel('Name').fill('SUPPORT')
    await page.getByRole('button', { name: 'Make role' }).click()
    await page.locator('.problem').waitFor()
    t.equal(await page.getByLabel('Name').getAttribute('aria-invalid'), 'true')
    await page.getByLabel('Name').fill('')
  })

  await t.test('the trail is filtered, followed live, and its chain is shown', async (t) => {
    await page.goto(`${panel.url}/admin/audit`)
    await page.getByText('Sealed and signed').waitFor()
    await page.getByLabel('Done to').fill('alice')
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.waitForURL(/target=/)
    t.equal(new URL(page.url()).searchParams.get('target'), alice)
    await page.getByRole('rowheader', { name: /Staff made an account/ }).waitFor()

    await root.users.update(alice, { first_name: 'Alice' })
    const arrived = page.locator('tr[data-fresh]').getByRole('rowheader')
    await arrived.getByText('Members of an account were changed.').waitFor()
    await page.locator('tr[data-fresh]').getByRole('button').click()
    const details = dialogOf(page, 'Members of an account were changed.')
    t.match(await details.getByRole('row', { name: 'first_name' }).textContent(), 'Alice')
    await details.getByRole('button', { name: 'Close' }).click()

    await page.getByLabel('Done to').fill('nobody-of-this-name')
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.getByText('There is no account of this name.').waitFor()
  })

  await t.test('the next signing key is made after a question', async (t) => {
    await page.goto(`${panel.url}/admin/keys`)
    await page.getByRole('cell', { name: 'Signing' }).waitFor()
    await page.getByRole('button', { name: 'Rotate' }).click()
    const question = dialogOf(page, 'Make the next signing key?')
    await question.getByRole('button', { name: 'Rotate' }).click()
    await page.getByText('The next key was made.').waitFor()
    await page.getByRole('cell', { name: 'Next' }).waitFor()
    t.equal((await root.keys.list()).results.length, 2)
  })

  await t.test(
    'the page of the API shows the call that was just made, without secrets',
    async (t) => {
      await page.getByRole('navigation').getByRole('link', { name: 'API' }).click()
      await page.getByText('keys.rotate', { exact: true }).first().click()
      await page.getByText('await client.keys.rotate({ now: false })').waitFor()
      const curl = await page.getByText('curl -X POST').first().textContent()
      t.match(curl, `curl -X POST '${panel.url}/api/keys/rotate/'`)
      t.match(curl, '"Authorization: Bearer $ACCESS_TOKEN"')
      t.match(curl, `-d '{"now":false}'`)
      t.notMatch(await page.content(), /eyJ|rcr_/)
      await page.getByLabel('Find an operation').fill('bulk')
      await page.getByText('client.bulk.activate(body)').waitFor()
      t.equal(await page.getByText('client.users.list(query)').count(), 0)
    },
  )

  await t.test('without an answer the page says so, and goes on when told to', async (t) => {
    await page.route('**/api/keys/', (route) => route.abort())
    await page.goto(`${panel.url}/admin/keys`)
    await page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor()
    await page.unroute('**/api/keys/')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('cell', { name: 'Next' }).waitFor()
    t.pass()
  })

  await t.test('offline is shown, and gone when it is over', async (t) => {
    await page.context().setOffline(true)
    await page.getByText('You are offline.').waitFor()
    await page.context().setOffline(false)
    await page.getByText('You are offline.').waitFor({ state: 'detached' })
    t.pass()
  })

  t.same(panel.complaints, [], 'the browser had nothing to complain of')
})
