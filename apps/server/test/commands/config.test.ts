import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Config } from '../../src/config.ts'
import { cli } from '../support/cli.ts'
import { createRollcall } from './rollcall.ts'

t.test('every setting is printed, with its meaning', async (t) => {
  const { code, stdout } = await createRollcall(t).run(['config'])
  t.equal(code, 0)
  t.match(stdout, /^ROLLCALL_PORT=8000\n {2}The port to listen on; 0 takes any free one\.$/m)
  t.match(stdout, /^ROLLCALL_PUBLIC_URL=\n {2}\S/m)
  t.equal(stdout.match(/^ROLLCALL_/gm)?.length, Object.keys(Config.properties).length)
})

t.test('--json prints them for programs', async (t) => {
  const { stdout } = await createRollcall(t, { ROLLCALL_PORT: '0' }).run(['config', '--json'])
  const settings = JSON.parse(stdout)
  t.same(Object.keys(settings), Object.keys(Config.properties))
  t.match(settings, { port: 0, host: '127.0.0.1', publicUrl: null })
})

t.test('no secret is printed, wherever it stands', async (t) => {
  const { run } = createRollcall(t, { ROLLCALL_SECRET: `hunter2${'x'.repeat(32)}` })
  const urls = {
    'postgres://rollcall:hunter2@db.example/rollcall':
      'postgres://rollcall:***@db.example/rollcall',
    'postgres://rollcall:hunter2@x@db.example/rollcall':
      'postgres://rollcall:***@db.example/rollcall',
    'postgres://db.example/rollcall?user=rollcall&password=hunter2':
      'postgres://db.example/rollcall?***',
  }
  for (const [url, shown] of Object.entries(urls)) {
    const { stdout, stderr } = await run(['config'], { env: { ROLLCALL_DATABASE_URL: url } })
    t.match(stdout, `ROLLCALL_DATABASE_URL=${shown}\n`)
    t.match(stdout, 'ROLLCALL_SECRET=(set)\n')
    t.notMatch(stdout + stderr, 'hunter2')
  }
  const env = {
    ROLLCALL_DATABASE_URL: 'postgres://db.example/rollcall',
    ROLLCALL_DATABASE_READ_URL: 'postgres://rollcall:hunter2@replica.example/rollcall',
    ROLLCALL_REDIS_URL: 'redis://:hunter2@redis.example:6379/1',
  }
  const { stdout, stderr } = await run(['config'], { env })
  t.match(stdout, 'ROLLCALL_DATABASE_READ_URL=postgres://rollcall:***@replica.example/rollcall\n')
  t.match(stdout, 'ROLLCALL_REDIS_URL=redis://:***@redis.example:6379/1\n')
  t.notMatch(stdout + stderr, 'hunter2')
})

t.test('a bad value, and an unknown variable, stop with one line and the code 1', async (t) => {
  const { run } = createRollcall(t)
  t.match(await run(['config'], { env: { ROLLCALL_PORT: '70000' } }), {
    code: 1,
    stdout: '',
    stderr: /^rollcall: ROLLCALL_PORT must be <= 65535\. [^\n]*\n$/,
  })
  t.match(await run(['serve'], { env: { ROLLCALL_PROT: '8000' } }), {
    code: 1,
    stdout: '',
    stderr:
      'rollcall: ROLLCALL_PROT is no setting of Rollcall. `rollcall config` lists them all.\n',
  })
})

t.test('a file .env is read; variables of the process win over it', async (t) => {
  const { folder, run } = createRollcall(t, { ROLLCALL_HOST: '127.0.0.2' })
  writeFileSync(join(folder, '.env'), 'ROLLCALL_PORT=8123\nROLLCALL_HOST=127.0.0.3\n')
  const { stdout } = await run(['config', '--json'])
  t.match(JSON.parse(stdout), { port: 8123, host: '127.0.0.2' })
})

t.test('an older Node can read what refuses it', async (t) => {
  const text = readFileSync(cli, 'utf8')
  const imports = [...text.matchAll(/^import (.*) from ["'](.*)["'];?$/gm)].map(([, what]) => what)
  // All that Node 20 has under these names.
  const known = ['{ existsSync }', 'module', 'os', '{ fileURLToPath }']
  t.same(
    imports.filter((what = '') => !known.includes(what)),
    [],
  )
  t.equal(imports.length, known.length)
})

t.test('a Node that is too old is refused in one line', async (t) => {
  const { folder, run } = createRollcall(t)
  const fake = join(folder, 'old-node.cjs')
  writeFileSync(fake, "Object.defineProperty(process.versions, 'node', { value: '22.18.0' })")
  t.match(await run(['config'], { node: [process.execPath, '--require', fake] }), {
    code: 1,
    stdout: '',
    stderr: /^rollcall needs Node 24 or later, and this is 22\.18\.0\. [^\n]*\n$/,
  })
})
