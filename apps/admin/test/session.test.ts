import { dialogOf, inBrowser, makeUsers, password, signIn } from './panel.ts'

/** The password of every session was given so long ago that sensitive changes want it again. */
const signedInEarlier = `UPDATE sessions SET reauthenticated_at = NULL,
  created_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-10 minutes')`

await inBrowser('signing in to the admin panel', async (t, panel) => {
  await t.test('before the first superuser the panel says which command makes one', async (t) => {
    const page = await panel.open('/users')
    await page.getByRole('heading', { name: 'Make the first superuser' }).waitFor()
    await page.getByText('npm run rollcall create-superuser', { exact: true }).waitFor()
    t.equal(await page.getByLabel('Password', { exact: true }).count(), 0)
    await panel.createSuperuser()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await signIn(page, 'root')
    await page.getByRole('heading', { name: 'Users' }).waitFor()
    t.match(page.url(), /\/admin\/users$/, 'where the person wanted to go')
  })

  const root = await panel.signedIn('root')
  const [rootId] = [(await root.users.me()).id]
  await makeUsers(root, ['alice'])
  await makeUsers(root, ['staff'], { is_staff: true })

  await t.test('a wrong password is refused beside the form, and the name stays', async (t) => {
    const page = await panel.open()
    await page.getByLabel('Username or e-mail address').fill('root')
    await page.getByLabel('Password', { exact: true }).fill('not-the-password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('No active account has this name').waitFor()
    t.equal(await page.getByLabel('Username or e-mail address').inputValue(), 'root')
    await page.context().close()
  })

  await t.test('whoever is not staff is told so, and signed out', async (t) => {
    const page = await panel.open()
    await page.getByLabel('Username or e-mail address').fill('alice')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('This account is not staff').waitFor()
    t.same(await page.context().cookies(), [], 'no session is left')
    t.equal(await page.getByRole('navigation').count(), 0)
    await page.context().close()
  })

  await t.test('ASVS 14.3.3: nothing secret is kept where a script finds it', async (t) => {
    const page = await panel.openAs('root')
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    const kept = await page.evaluate(
      'JSON.stringify([localStorage, sessionStorage, document.cookie])',
    )
    t.notMatch(kept, /eyJ|rcr_|@example|root/)
    await page.reload()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    t.pass('a page loaded anew goes on')
    await page.context().close()
  })

  await t.test(
    'ASVS 7.4.4: signing out is offered on every page, and ends the session',
    async (t) => {
      const page = await panel.openAs('root')
      const pages = ['/', '/users', '/users/new', `/users/${rootId}`, '/roles', '/audit', '/keys']
      for (const path of [...pages, '/nowhere', '/api']) {
        await page.goto(`${panel.url}/admin${path}`)
        await page.getByRole('button', { name: 'Sign out', exact: true }).waitFor()
      }
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      t.same(await page.context().cookies(), [])
      await page.reload()
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      await page.context().close()
    },
  )

  await t.test(
    'a session that ends elsewhere is taken up again, and nothing typed is lost',
    async (t) => {
      const page = await panel.openAs('root', '/users/new')
      await page.getByLabel('Username').fill('half-written')
      await page.getByLabel('E-mail').fill('half-written@example.com')
      panel.inDatabase(`DELETE FROM sessions WHERE user_id = '${rootId}'`)
      await page.getByRole('button', { name: 'Create and get the link' }).click()

      const dialog = dialogOf(page, 'Sign in again')
      await dialog.getByLabel('Password', { exact: true }).fill('wrong')
      await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
      await dialog.getByText('No active account has this name').waitFor()
      await dialog.getByLabel('Password', { exact: true }).fill(password)
      await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()

      await dialogOf(page, 'A link to set a password').waitFor()
      const again = await panel.signedIn('root')
      const { results } = await again.users.list({ username: 'half-written' })
      t.equal(results[0]?.email, 'half-written@example.com')
      await page.context().close()
    },
  )

  await t.test('it shows without anything being done', async (t) => {
    const page = await panel.openAs('root', '/api')
    panel.inDatabase(`DELETE FROM sessions WHERE user_id = '${rootId}'`)
    // The window comes back to the front, as when a person returns to it.
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
    await dialogOf(page, 'Sign in again').waitFor()
    await page.getByRole('button', { name: 'Leave and sign in as somebody else' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    t.pass()
    await page.context().close()
  })

  await t.test(
    'ASVS 7.5.1: where a proof is wanted it is asked for, and the work goes on',
    async (t) => {
      const client = await panel.signedIn('root')
      const { results } = await client.users.list({ username: 'alice' })
      const page = await panel.openAs('root', `/users/${results[0]?.id}`)
      await page.getByLabel('E-mail').fill('alice@new.example.com')
      panel.inDatabase(signedInEarlier)
      await page.getByRole('button', { name: 'Save changes' }).click()

      const dialog = dialogOf(page, 'Confirm that it is you')
      await dialog.getByLabel('Password', { exact: true }).fill('wrong')
      await dialog.getByRole('button', { name: 'Confirm' }).click()
      await dialog.getByText('The password is wrong.').waitFor()
      await dialog.getByLabel('Password', { exact: true }).fill(password)
      await dialog.getByRole('button', { name: 'Confirm' }).click()
      await page.getByText('Saved.').waitFor()
      const { email } = await client.users.get(results[0]?.id ?? '')
      t.equal(email, 'alice@new.example.com')
      await page.context().close()
    },
  )

  await t.test('who closes that dialog keeps what they typed, and nothing was done', async (t) => {
    const client = await panel.signedIn('root')
    const { results } = await client.users.list({ username: 'alice' })
    const page = await panel.openAs('root', `/users/${results[0]?.id}`)
    await page.getByLabel('E-mail').fill('alice@other.example.com')
    panel.inDatabase(signedInEarlier)
    await page.getByRole('button', { name: 'Save changes' }).click()
    await dialogOf(page, 'Confirm that it is you').waitFor()
    await page.keyboard.press('Escape')
    t.equal(await page.getByLabel('E-mail').inputValue(), 'alice@other.example.com')
    t.equal((await client.users.get(results[0]?.id ?? '')).email, 'alice@new.example.com')
    await page.context().close()
  })

  t.same(panel.complaints, [], 'the browser had nothing to complain of')
})
