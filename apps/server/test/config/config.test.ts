import t from 'tap'
import { ConfigError, loadConfig } from '../../src/config.ts'

t.test('without any variable there are the defaults of a first start', async (t) => {
  t.match(loadConfig({}), {
    env: 'development',
    host: '127.0.0.1',
    port: 8000,
    databaseUrl: 'file:data/rollcall.db',
    limits: 'on',
    argon2MemoryKib: 19_456,
    argon2Passes: 2,
    argon2Lanes: 1,
    accessTokenSeconds: 300,
    refreshGraceSeconds: 10,
  })
})

t.test('an empty variable is none', async (t) => {
  t.same(loadConfig({ ROLLCALL_PORT: '', ROLLCALL_PUBLIC_URL: '' }), loadConfig({}))
})

t.test('each value becomes what its setting is', async (t) => {
  const good: [variable: string, text: string, member: string, value: unknown][] = [
    ['ROLLCALL_PORT', '0', 'port', 0],
    ['ROLLCALL_HOST', '::1', 'host', '::1'],
    ['ROLLCALL_ENV', 'production', 'env', 'production'],
    [
      'ROLLCALL_PUBLIC_URL',
      'https://id.example/rollcall',
      'publicUrl',
      'https://id.example/rollcall',
    ],
    ['ROLLCALL_DATABASE_URL', 'postgresql://u:p@h/d', 'databaseUrl', 'postgresql://u:p@h/d'],
    ['ROLLCALL_SECRET', 'x'.repeat(32), 'secret', 'x'.repeat(32)],
    [
      'ROLLCALL_CORS_ORIGINS',
      'https://a.example,http://b.example:8080',
      'corsOrigins',
      'https://a.example,http://b.example:8080',
    ],
    [
      'ROLLCALL_TRUSTED_PROXIES',
      '10.0.0.0/8,::1,192.0.2.7',
      'trustedProxies',
      '10.0.0.0/8,::1,192.0.2.7',
    ],
    ['ROLLCALL_PHONE_REGION', 'GB', 'phoneRegion', 'GB'],
  ]
  for (const [variable, text, member, value] of good) {
    t.match(loadConfig({ [variable]: text }), { [member]: value }, variable)
  }
})

t.test('a bad value is refused in one line that names its variable', async (t) => {
  const bad = {
    ROLLCALL_PORT: ['abc', '70000', '-1', ' 8000', '0x1f', '8e3', '80.5'],
    ROLLCALL_PUBLIC_URL: [
      'https://id.example/',
      'id.example',
      'ftp://id.example',
      'https://a b',
      'https://',
    ],
    ROLLCALL_ENV: ['prod', 'Production'],
    ROLLCALL_SECRET: ['too short to be one'],
    ROLLCALL_DATABASE_URL: [
      'mysql://h/d',
      'data.db',
      'file:',
      'postgres://',
      'postgres://u:p/w@h/d',
    ],
    ROLLCALL_CORS_ORIGINS: ['*', 'https://a.example/', 'https://a.example, https://b.example'],
    ROLLCALL_TRUSTED_PROXIES: ['proxy', '10.0.0.0/33', '::1/129', '1.2.3', '1.2.3.4/', '10.0.0.1,'],
    ROLLCALL_PHONE_REGION: ['gb', '44'],
    ROLLCALL_ARGON2_MEMORY_KIB: ['1024'],
    ROLLCALL_ARGON2_PASSES: ['1'],
    ROLLCALL_ACCESS_TOKEN_SECONDS: ['29', '3601'],
    ROLLCALL_LIMITS: ['true'],
  }
  for (const [variable, texts] of Object.entries(bad)) {
    for (const text of texts) {
      const message = refusal({ [variable]: text })
      t.match(message, new RegExp(`^${variable} `), `${variable}=${text}`)
      t.notMatch(message, /\n/)
    }
  }
})

t.test('a replica is refused where there is no PostgreSQL to replicate', async (t) => {
  const replica = { ROLLCALL_DATABASE_READ_URL: 'postgres://replica.example/rollcall' }
  t.throws(
    () => loadConfig(replica),
    new ConfigError('ROLLCALL_DATABASE_READ_URL needs PostgreSQL in ROLLCALL_DATABASE_URL.'),
  )
  const primary = { ROLLCALL_DATABASE_URL: 'postgres://db.example/rollcall' }
  t.match(loadConfig({ ...primary, ...replica }), {
    databaseReadUrl: 'postgres://replica.example/rollcall',
  })
})

t.test('a refusal says what would be right', async (t) => {
  t.match(refusal({ ROLLCALL_PORT: '70000' }), 'ROLLCALL_PORT must be <= 65535.')
  t.match(refusal({ ROLLCALL_ENV: 'prod' }), 'ROLLCALL_ENV must be one of development, production.')
})

t.test('a refusal never repeats the value, which may be a secret', async (t) => {
  t.notMatch(refusal({ ROLLCALL_SECRET: 'hunter2' }), 'hunter2')
  t.notMatch(refusal({ ROLLCALL_DATABASE_URL: 'mysql://u:hunter2@h/d' }), 'hunter2')
})

t.test('an unknown ROLLCALL_ variable is refused by its name', async (t) => {
  t.match(refusal({ ROLLCALL_PROT: '8000' }), 'ROLLCALL_PROT is no setting of Rollcall.')
  t.match(refusal({ ROLLCALL_port: '8000' }), 'ROLLCALL_port is no setting of Rollcall.')
})

t.test('variables of others, and those of the tests, are no business of ours', async (t) => {
  t.same(loadConfig({ PORT: '1', MY_ROLLCALL_PORT: '2', ROLLCALL_TEST_X: '3' }), loadConfig({}))
})

function refusal(environment: Record<string, string>): string {
  try {
    loadConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return 'was accepted'
}
