import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Config, ConfigError } from './config.ts'
import { randomText } from './crypto.ts'

/**
 * The server's secret: the setting, or, in development, a file next to the
 * database that the first start makes.
 */
export function findSecret(config: Config): string {
  if (config.secret) return config.secret
  if (config.env === 'production') {
    throw new ConfigError(
      'ROLLCALL_SECRET is missing. In production set it to at least 32 random characters, such as the output of `openssl rand -base64 48`.',
    )
  }
  return readOrMake(secretFileOf(config.databaseUrl))
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

function readOrMake(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  return make(path)
}

/** Of two first starts one makes the file, and both read it. */
function make(path: string): string {
  try {
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, `${randomText(48)}\n`)
    closeSync(file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return readFileSync(path, 'utf8').trim()
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
