import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Config, loadConfig } from '../../src/config.ts'
import { findSecret } from '../../src/secret.ts'
import { temporaryFolder } from '../support/databases.ts'

t.test('the secret that is set is taken, and no file is made', async (t) => {
  const { config, file } = place(t)
  const secret = 'set by the operator, long enough.'
  t.equal(findSecret({ ...config, secret }), secret)
  t.notOk(existsSync(file))
})

t.test(
  'ASVS 13.3.1: in production a missing secret stops the start, and says how to make one',
  async (t) => {
    const { config, file } = place(t)
    t.throws(() => findSecret({ ...config, env: 'production' }), {
      message: /^ROLLCALL_SECRET is missing\..*openssl rand -base64 48/,
    })
    t.notOk(existsSync(file))
  },
)

t.test(
  'ASVS 13.3.2: the first start makes a random secret that only its owner can read',
  async (t) => {
    const { config, file } = place(t)
    const secret = findSecret(config)
    t.ok(Buffer.from(secret, 'base64url').length >= 32)
    t.equal(statSync(file).mode & 0o777, 0o600)
    t.same(readdirSync(join(file, '..')), ['secret'], 'and nothing else is left there')
    t.not(secret, findSecret(place(t).config))
  },
)

t.test(
  'ASVS 11.2.3, 13.2.3: in production a secret that can be guessed stops the start',
  async (t) => {
    const { config } = place(t)
    const find = (secret: string) => findSecret({ ...config, env: 'production', secret })
    const weak = 'changeme'.repeat(5)
    for (const secret of [weak, 'x'.repeat(64), '0123456789'.repeat(4)]) {
      t.throws(() => find(secret), { message: /can be guessed.*openssl rand -base64 48/ }, secret)
    }
    const random = randomBytes(48).toString('base64')
    t.equal(find(random), random)
    t.equal(findSecret({ ...config, secret: weak }), weak, 'in development any will do')
  },
)

t.test('the next start reads the same secret', async (t) => {
  const { config } = place(t)
  t.equal(findSecret(config), findSecret(config))
})

t.test('a secret file that was cut short is refused, and not replaced', async (t) => {
  const { config, file } = place(t)
  mkdirSync(join(file, '..'))
  for (const text of ['', '\n', 'short']) {
    writeFileSync(file, text)
    t.throws(() => findSecret(config), { message: /secret holds no secret/ }, JSON.stringify(text))
    t.equal(readFileSync(file, 'utf8'), text)
  }
})

/** A first start in a folder that does not exist yet. */
function place(t: Test): { config: Config; file: string } {
  const folder = join(temporaryFolder(t), 'data')
  const config = { ...loadConfig({}), databaseUrl: `file:${join(folder, 'rollcall.db')}` }
  return { config, file: join(folder, 'secret') }
}
