import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { createRollcall } from './rollcall.ts'

const commands = [
  'serve',
  'migrate',
  'create-superuser',
  'change-password',
  'keys',
  'keys list',
  'keys rotate',
  'sessions',
  'sessions prune',
  'sessions end-all',
  'backup',
  'restore',
  'db',
  'db copy',
  'config',
  'test-server',
]

t.test('every command explains itself, and needs no settings for it', async (t) => {
  const { run } = createRollcall(t, { ROLLCALL_PORT: 'not a port' })
  const answers = await Promise.all(
    commands.map((command) => run([...command.split(' '), '--help'])),
  )
  for (const [position, command] of commands.entries()) {
    t.match(answers[position], {
      code: 0,
      stdout: new RegExp(`^Usage: rollcall ${command}\\b.*\\n\\n\\w.*--help`, 's'),
      stderr: '',
    })
  }
})

t.test('the sources run as they are, too', async (t) => {
  const { folder, run } = createRollcall(t)
  const sources = fileURLToPath(new URL('../../src/cli.mjs', import.meta.url))
  t.match(await run(['migrate'], { cli: sources }), { code: 0 })
  t.ok(existsSync(join(folder, 'data/rollcall.db')))
})

t.test('the help of all names every command', async (t) => {
  const { code, stdout } = await createRollcall(t).run(['--help'])
  t.equal(code, 0)
  for (const command of commands) t.match(stdout, command.split(' ', 1)[0])
})

t.test('a misuse exits 2, says what is wrong and names the help', async (t) => {
  const { run } = createRollcall(t)
  const misuses: [args: string[], complaint: RegExp][] = [
    [['unknown'], /unknown command 'unknown'/],
    [['config', '--unknown'], /unknown option '--unknown'/],
    [['config', 'surplus'], /too many arguments/],
    [['change-password'], /missing required argument 'username'/],
    [['create-superuser', '--username'], /argument missing/],
  ]
  const answers = await Promise.all(misuses.map(([args]) => run(args)))
  for (const [position, [args, complaint]] of misuses.entries()) {
    t.match(answers[position], { code: 2, stdout: '', stderr: complaint }, args.join(' '))
    t.match(answers[position]?.stderr, 'Add --help for the usage.')
  }
})

t.test('without a command, or with half of one, the help is shown and the code is 2', async (t) => {
  const { run } = createRollcall(t)
  for (const args of [[], ['keys'], ['sessions']]) {
    t.match(await run(args), { code: 2, stdout: '', stderr: /^Usage: rollcall/ })
  }
})
