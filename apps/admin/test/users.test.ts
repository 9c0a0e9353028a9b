import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { dialogOf, inBrowser, makeUsers } from './panel.ts'

await inBrowser('the users in the admin panel', async (t, panel) => {
  const root = await panel.createSuperuser()
  const names = Array.from({ length: 30 }, (_, index) => `person${String(index).padStart(2, '0')}`)
  for (const username of names) {
    await root.invitations.create({ username, email: `${username}@example.com` })
  }
  await makeUsers(root, ['ada'], { first_name: 'Ada', phone_number: '+442079460958' })
  await makeUsers(root, ['staff'], { is_staff: true })
  const page = await panel.openAs('root', '/users')
  await row(page, 'staff').waitFor()

  await t.test('one box finds a name, an address, a number and a whole id', async (t) => {
    const { results } = await root.users.list({ username: 'ada' })
    const box = page.getByRole('searchbox', { name: 'Search users' })
    for (const words of ['Ada', 'ada@example.com', '+44 20 7946 0958', results[0]?.id ?? '']) {
      await box.fill(words)
      await row(page, 'staff').waitFor({ state: 'detached' })
      await row(page, 'ada').waitFor()
      t.equal(new URL(page.url()).searchParams.get('search'), words)
      await box.fill('')
      await row(page, 'staff').waitFor()
    }
    await box.fill('nobody at all')
    await page.getByRole('heading', { name: 'No account matches' }).waitFor()
    await page.getByRole('button', { name: 'Clear all' }).click()
    await row(page, 'staff').waitFor()
  })

  await t.test('filters stand in the address, and a link to them shows the same', async (t) => {
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByLabel('Staff', { exact: true }).selectOption({ label: 'Staff' })
    await row(page, 'person29').waitFor({ state: 'detached' })
    await row(page, 'staff').waitFor()
    await page.keyboard.press('Escape')
    t.equal(new URL(page.url()).searchParams.get('is_staff'), 'true')
    await page.reload()
    await row(page, 'staff').waitFor()
    t.equal(await row(page, 'person29').count(), 0)
    await page.getByRole('button', { name: 'Clear: Staff' }).click()
    await row(page, 'person29').waitFor()
    t.equal(new URL(page.url()).search, '')
  })

  await t.test('a column sorts, both ways and not at all', async (t) => {
    const heading = page.getByRole('columnheader', { name: 'Username' })
    await heading.getByRole('button').click()
    await firstRow(page, 'ada').waitFor()
    t.equal(await heading.getAttribute('aria-sort'), 'ascending')
    await heading.getByRole('button').click()
    await firstRow(page, 'staff').waitFor()
    t.equal(new URL(page.url()).searchParams.get('ordering'), '-username')
    await heading.getByRole('button').click()
    await page.waitForURL((url) => url.search === '')
  })

  await t.test('the chosen columns are remembered, beyond signing out too', async (t) => {
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Phone' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('columnheader', { name: 'Phone' }).waitFor()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    t.match(await page.evaluate('localStorage.getItem("rollcall-admin")'), 'phone_number')
  })

  await t.test('pages are turned, and a selection goes over them all', async (t) => {
    const page = await panel.openAs('root', '/users')
    await page.getByLabel('Rows').selectOption('25')
    await page.getByRole('checkbox', { name: 'Select person29', exact: true }).check()
    await page.getByRole('button', { name: 'Next' }).click()
    await row(page, 'person00').waitFor()
    await page.getByRole('checkbox', { name: 'Select person00', exact: true }).check()
    await page.getByRole('checkbox', { name: 'Select root', exact: true }).check()
    await page.getByText('3 accounts selected').waitFor()
    await choose(page, 'Deactivate')

    const question = dialogOf(page, 'Deactivate 3 accounts?')
    for (const name of ['person29', 'person00', 'root']) {
      t.equal(await question.getByText(name, { exact: true }).count(), 1, 'names whom')
    }
    await question.getByLabel('Reason').fill('The term is over.')
    await question.getByRole('button', { name: 'Deactivate' }).click()

    const result = dialogOf(page, 'Deactivated: 2 done, 1 refused')
    await result.getByLabel('Only the refused').waitFor()
    t.equal(await result.getByRole('rowheader').count(), 1)
    t.equal(await result.getByRole('rowheader').textContent(), 'root', 'and why for each')
    await result.getByRole('button', { name: 'Done' }).click()
    await page.getByText('accounts selected').waitFor({ state: 'detached' })
    const inactive = await root.users.list({ is_active: false, ordering: 'username' })
    t.same(
      inactive.results.map(({ username }) => username),
      ['person00', 'person29'],
    )
    const { results } = await root.audit.list({ action: 'user.updated' })
    t.match(JSON.stringify(results[0]?.details), /The term is over/)
    await page.context().close()
  })

  await t.test('all that match can be meant; deleting them wants their number typed', async (t) => {
    const page = await panel.openAs('root', '/users?search=person1')
    await row(page, 'person19').waitFor()
    await page.getByRole('checkbox', { name: 'Select every row of this page' }).check()
    await page.getByRole('button', { name: 'Select all that match' }).click()
    await page.getByText('All 10 that match are selected').waitFor()
    await choose(page, 'Delete')
    const question = dialogOf(page, 'Delete 10 accounts for good?')
    const button = question.getByRole('button', { name: 'Delete' })
    t.equal(await button.isDisabled(), true)
    await question.getByLabel('Type 10 to confirm').press('Enter')
    t.equal((await root.users.list({ search: 'person1' })).results.length, 10, 'not yet')
    await question.getByLabel('Type 10 to confirm').fill('10')
    await button.click()
    await dialogOf(page, 'Deleted: 10 done, 0 refused').waitFor()
    t.same((await root.users.list({ search: 'person1' })).results, [])
    t.ok((await root.users.list({ search: 'person2' })).results.length > 0, 'and nobody else')
    await page.context().close()
  })

  await t.test('what the filters let through is exported, and formulas do nothing', async (t) => {
    await root.users.create({
      username: 'formula',
      email: 'formula@example.com',
      first_name: '=HYPERLINK("http://x")',
    })
    const page = await panel.openAs('root', '/users?search=formula')
    await row(page, 'formula').waitFor()
    const csv = await download(page, 'CSV, for spreadsheets')
    t.match(csv.name, /^rollcall-users-\d{4}-\d\d-\d\d\.csv$/)
    t.equal(csv.text.trim().split('\r\n').length, 2, 'the headings and the one that matches')
    t.match(csv.text, `"'=HYPERLINK(""http://x"")"`)
    await page.getByText('Accounts exported: 1.').waitFor()
    const ndjson = await download(page, 'NDJSON, for programs')
    t.match(JSON.parse(ndjson.text), { username: 'formula', first_name: '=HYPERLINK("http://x")' })
    await page.context().close()
  })

  t.same(panel.complaints, [], 'the browser had nothing to complain of')
})

function row(page: Page, name: string) {
  return page.getByRole('rowheader', { name, exact: true })
}

function firstRow(page: Page, name: string) {
  return page.locator('tbody tr').first().getByRole('rowheader', { name, exact: true })
}

async function choose(page: Page, action: string) {
  await page.getByRole('button', { name: 'Do with them' }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

async function download(page: Page, format: string) {
  await page.getByRole('button', { name: 'Export' }).click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: format }).click(),
  ])
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') }
}
