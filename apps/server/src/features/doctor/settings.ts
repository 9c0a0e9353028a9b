import ipaddr from 'ipaddr.js'
import type { Config } from '../../config.ts'
import { strongEnoughBits, varietyOf } from '../../secret.ts'
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
  const [address = '', prefix] = range.split('/')
  // IPv4 in the dress of IPv6 begins behind 96 bits.
  const isDressed = ipaddr.IPv6.isValid(address) && ipaddr.IPv6.parse(address).isIPv4MappedAddress()
  return prefix !== undefined && Number(prefix) - (isDressed ? 96 : 0) < 8
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
