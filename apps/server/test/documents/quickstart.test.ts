import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { curlSteps, sdkSnippet } from '../../src/documents/quickstart.ts'
import { startServer } from '../support/server.ts'

const run = promisify(execFile)
const separator = '--- next step ---'

t.test('the curl path works under bash, step by step as it is shown', async (t) => {
  const { url } = await startServer(t)
  const script = curlSteps(url)
    .map(({ code }) => code)
    .join(`\necho; echo '${separator}'\n`)
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script])

  const [register, signIn, me, change, signOut] = stdout.split(separator).map((part) => part.trim())
  t.match(JSON.parse(register ?? ''), { username: 'alice', email: 'alice@example.com' })
  t.match(JSON.parse(signIn ?? ''), { access: String, refresh: String, token_type: 'Bearer' })
  t.match(JSON.parse(me ?? ''), { username: 'alice', first_name: null })
  t.match(JSON.parse(change ?? ''), { username: 'alice', first_name: 'Alice' })
  t.equal(signOut, '205')
})

t.test('the SDK path runs under Node as it is shown', async (t) => {
  const { url, call } = await startServer(t)
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module', '--eval', sdkSnippet(url)],
    // Where @rollcall/sdk is installed.
    { cwd: fileURLToPath(new URL('../..', import.meta.url)) },
  )
  t.match(stdout, /^Hello bob, here since \d{4}-\d\d-\d\dT/)

  const body = { username: 'bob', password: 'staple-paper-clip-42' }
  const { body: tokens } = await call('POST', '/api/token/', { body })
  const { body: bob } = await call('GET', '/api/users/me/', { token: tokens.access })
  t.match(bob, { username: 'bob', first_name: 'Bob' })
})
