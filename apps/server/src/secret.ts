import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { type Config, ConfigError, shortestSecret } from './config.ts'
import { randomText } from './crypto.ts'

/**
 * The server's secret: the setting, or, in development, a file next to the
 * database that the first start makes. Where the database `hasKeys`, they were
 * made with a secret, and a new one in its place would open none of them.
 */
export function findSecret(config: Config, { hasKeys = false } = {}): string {
  return secretSetting(config) ?? readOrMake(secretFileOf(config.databaseUrl), hasKeys)
}

/** The setting; throws where production has none, or one that can be guessed. */
export function secretSetting({ secret, env }: Config): string | undefined {
  if (env !== 'production') return secret
  if (secret) return strong(secret)
  throw new ConfigError(
    'ROLLCALL_SECRET is missing. In production set it to at least 32 random characters, such as the output of `openssl rand -base64 48`.',
  )
}

/** The same, without making it: there may be none yet. */
export function peekSecret(config: Config): string | undefined {
  if (config.secret || config.env === 'production') return config.secret
  const path = secretFileOf(config.databaseUrl)
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
}

export function secretFileOf(databaseUrl: string): string {
  const isFile = databaseUrl.startsWith('file:')
  return join(isFile ? dirname(databaseUrl.slice('file:'.length)) : 'data', 'secret')
}

function readOrMake(path: string, hasKeys: boolean): string {
  try {
    return read(path)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
  if (hasKeys) {
    throw new ConfigError(
      `The secret that this database was made with is gone: there is no file ${path}. Put it back, or set ROLLCALL_SECRET.`,
    )
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  make(path)
  return read(path)
}

/** An empty secret would be one that everybody knows. */
function read(path: string): string {
  const secret = readFileSync(path, 'utf8').trim()
  if (secret.length >= shortestSecret) return secret
  throw new ConfigError(
    `The file ${path} holds no secret. Restore it from a backup, or set ROLLCALL_SECRET.`,
  )
}

/** Of two first starts one makes the file, and neither sees it half written. */
function make(path: string) {
  const draft = `${path}.${randomText(6)}`
  writeFileSync(draft, `${randomText(48)}\n`, { flag: 'wx', mode: 0o600, flush: true })
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    unlinkSync(draft)
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** What a secret must be able to hold. */
export const strongEnoughBits = 128

function strong(secret: string): string {
  if (varietyOf(secret) >= strongEnoughBits) return secret
  throw new ConfigError(
    'ROLLCALL_SECRET can be guessed. In production set it to random characters, such as the output of `openssl rand -base64 48`.',
  )
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
