import { deflateRawSync } from 'node:zlib'
import type { Config } from '../../config.ts'
import { type Finding, finding } from './finding.ts'

/** What is weak in the settings. */
export function examineSettings(config: Config, secret: string | undefined): Finding[] {
  return [
    ...examineSecret(config, secret),
    ...examineHttps(config),
    ...examineProxies(config),
    ...examineLimits(config),
  ]
}

const strongEnoughBits = 128

function examineSecret({ env, secret: setting }: Config, secret: string | undefined): Finding[] {
  const why = 'Whoever has the secret opens the signing keys, and with them every account.'
  const remedy = 'Set ROLLCALL_SECRET to the output of `openssl rand -base64 48`.'
  if (env === 'production' && !setting) {
    return [finding('secret', 'ROLLCALL_SECRET is missing in production.', why, remedy)]
  }
  if (secret === undefined || varietyOf(secret) >= strongEnoughBits) return []
  const what = `The secret has less than ${strongEnoughBits} bits of variety.`
  return [finding('secret', what, why, remedy)]
}

const placeholders = /change.?me|example|password|rollcall|secret|default|12345|qwerty/i

/** How many bits the text can hold at most: by its alphabet, and by how far it compresses. */
export function varietyOf(secret: string): number {
  if (placeholders.test(secret)) return 0
  const byAlphabet = secret.length * Math.log2(alphabetOf(secret))
  const compressed = deflateRawSync(secret, { level: 9 }).length * 8
  return Math.min(byAlphabet, compressed)
}

function alphabetOf(secret: string): number {
  if (/^\d+$/.test(secret)) return 10
  if (/^[\da-f]+$/i.test(secret)) return 16
  const classes: [RegExp, number][] = [
    [/\d/, 10],
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[^\da-zA-Z]/, 2],
  ]
  return classes.reduce((size, [pattern, more]) => size + (pattern.test(secret) ? more : 0), 0)
}

function examineHttps({ env, publicUrl, registration }: Config): Finding[] {
  if (env !== 'production' || publicUrl?.startsWith('https:')) return []
  const open = registration === 'open' ? ', and registration is open to everybody' : ''
  return [
    finding(
      'https',
      `ROLLCALL_PUBLIC_URL is not https in production${open}.`,
      'Passwords and tokens can be read on their way, and links are made for plain http.',
      'Put a proxy with TLS before the server, and set ROLLCALL_PUBLIC_URL to its https URL.',
    ),
  ]
}

function examineProxies({ publicUrl, trustedProxies }: Config): Finding[] {
  const wide = trustedProxies.split(',').filter(isEverybody)
  if (wide.length > 0) {
    return [
      finding(
        'proxies',
        `ROLLCALL_TRUSTED_PROXIES trusts nearly every address: ${wide.join(', ')}.`,
        'Anybody can claim any address, which defeats the limits and falsifies the audit trail.',
        'Name the addresses of the proxies, and no others.',
      ),
    ]
  }
  if (!publicUrl?.startsWith('https:') || trustedProxies) return []
  return [
    finding(
      'proxies',
      'The public URL is https, but no proxy is trusted.',
      'TLS ends at a proxy, so that everybody seems to come from its one address: they share its limits, and the audit trail names it.',
      'Set ROLLCALL_TRUSTED_PROXIES to the addresses of the proxy.',
    ),
  ]
}

function isEverybody(range: string): boolean {
  const [, prefix] = range.split('/')
  return prefix !== undefined && Number(prefix) < 8
}

function examineLimits({ limits }: Config): Finding[] {
  if (limits === 'on') return []
  return [
    finding(
      'limits',
      'ROLLCALL_LIMITS is off.',
      'Nothing keeps anybody from flooding the server or guessing passwords.',
      'Remove the setting; it is for load tests on loopback.',
    ),
  ]
}
