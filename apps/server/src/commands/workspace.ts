import { systemClock, toInstant } from '../clock.ts'
import { type Config, ConfigError } from '../config.ts'
import { openStore, type Store } from '../db/store.ts'

export type Environment = Record<string, string | undefined>

/** Reads the settings when a command runs, so that `--help` needs none. */
export type Configure = () => Config

/** Opens the database for one command; refuses one whose migrations are pending. */
export async function withStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(config.databaseUrl)
  try {
    const pending = await store.pendingMigrations()
    if (pending.length > 0) await store.migrate(() => toInstant(systemClock.now()))
    return await work(store)
  } finally {
    await store.close()
  }
}

/** Prints data: one JSON document with `--json`, else text for people. */
export function print(options: { json?: boolean }, data: unknown, text: string) {
  process.stdout.write(`${options.json ? JSON.stringify(data, null, 2) : text}\n`)
}

/** A misuse that the parser cannot see. */
export function misuse(message: string): ConfigError {
  return new ConfigError(message)
}
