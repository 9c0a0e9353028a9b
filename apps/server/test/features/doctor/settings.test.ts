import { randomBytes } from 'node:crypto'
import t from 'tap'
import { loadConfig } from '../../../src/config.ts'
import { examineSettings } from '../../../src/features/doctor/settings.ts'
import { varietyOf } from '../../../src/secret.ts'

const strong = randomBytes(48).toString('base64')

const production = {
  ROLLCALL_ENV: 'production',
  ROLLCALL_SECRET: strong,
  ROLLCALL_PUBLIC_URL: 'https://accounts.example',
  ROLLCALL_TRUSTED_PROXIES: '10.0.0.7,fd00::/64',
}

function checksOf(environment: Record<string, string>) {
  const config = loadConfig(environment)
  return examineSettings(config, config.secret).map(({ check }) => check)
}

t.test('sound settings are not complained of, in production and as they come', async (t) => {
  t.same(checksOf(production), [])
  t.same(checksOf({}), [])
})

t.test('ASVS 11.5.1: a secret below 128 bits of variety is found', async (t) => {
  const weak = [
    'a'.repeat(48),
    'abcabcabcabcabcabcabcabcabcabcabcabc',
    '31415926535897932384626433832795',
    'please-change-me-please-change-me-now',
    'a-default-for-the-docker-image-0815',
  ]
  for (const secret of weak) {
    t.same(checksOf({ ...production, ROLLCALL_SECRET: secret }), ['secret'], secret)
  }
  t.ok(varietyOf(randomBytes(16).toString('hex')) >= 128, 'openssl rand -hex 16')
  t.ok(varietyOf(randomBytes(24).toString('base64')) >= 128, 'openssl rand -base64 24')
})

t.test('production without a secret of its own, or without https, is found', async (t) => {
  t.same(checksOf({ ...production, ROLLCALL_SECRET: '' }), ['secret'])
  t.same(checksOf({ ...production, ROLLCALL_PUBLIC_URL: 'http://accounts.example' }), ['https'])
  t.same(checksOf({ ...production, ROLLCALL_PUBLIC_URL: '' }), ['https'])
})

t.test('registration that is open without https is named with it', async (t) => {
  const insecure = { ...production, ROLLCALL_PUBLIC_URL: 'http://accounts.example' }
  const whatOf = (registration: string) =>
    examineSettings(loadConfig({ ...insecure, ROLLCALL_REGISTRATION: registration }), strong)
  t.match(whatOf('open'), [{ what: /registration is open/ }])
  t.notMatch(whatOf('invite'), [{ what: /registration/ }])
})

t.test('https without a trusted proxy, and trust in everybody, are found', async (t) => {
  for (const proxies of [
    '',
    '0.0.0.0/0',
    '10.0.0.7,::/0',
    '0.0.0.0/1,128.0.0.0/1',
    '::ffff:0:0/96',
  ]) {
    t.same(checksOf({ ...production, ROLLCALL_TRUSTED_PROXIES: proxies }), ['proxies'], proxies)
  }
})

t.test('a range of IPv4 in the dress of IPv6 is as wide as without', async (t) => {
  const proxies = '::ffff:10.0.0.0/104'
  t.same(checksOf({ ...production, ROLLCALL_TRUSTED_PROXIES: proxies }), [])
})

t.test('limits that are off are found', async (t) => {
  t.same(checksOf({ ...production, ROLLCALL_LIMITS: 'off' }), ['limits'])
})
