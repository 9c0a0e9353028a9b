import { systemClock, toInstant } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Store } from '../db/store.ts'

export type Environment = Record<string, string | undefined>

/**
 * Reads the settings when a command runs, so that `--help` needs none. What a
 * command needs is loaded then, too: it takes more time than most commands.
 */
export type Configure = () => Promise<Config>

/** Opens the database for one command. */
export async function withStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const { openStore } = await import('../db/store.ts')
  const store = await openStore(config.databaseUrl, { readUrl: config.databaseReadUrl })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** The same, with a database that is up to date. */
export function withMigratedStore<T>(
  config: Config,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  return withStore(config, async (store) => {
    await store.migrate(() => toInstant(systemClock.now()))
    return work(store)
  })
}

/** Prints data: one JSON document with `--json`, else text for people. */
export function print(options: { json?: boolean }, data: unknown, text: string) {
  process.stdout.write(`${options.json ? JSON.stringify(data, null, 2) : text}\n`)
}

/** A misuse that the parser cannot see. */
export class MisuseError extends Error {}
