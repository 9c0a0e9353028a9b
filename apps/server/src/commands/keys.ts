import type { Command } from 'commander'
import { systemClock } from '../clock.ts'
import type { SigningKeyRow } from '../db/tables.ts'
import type { KeysService } from '../features/keys/service.ts'
import { type Configure, print, withMigratedStore } from './workspace.ts'

export function registerKeysCommands(program: Command, configure: Configure) {
  const keys = program.command('keys').description('look after the keys that sign access tokens')

  keys
    .command('list')
    .description('list the keys, youngest first')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const rows = (await withKeys((service) => service.list())).map(describe)
      const text = rows.map(
        (key) =>
          `${key.kid}  signs from ${key.signs_from}  verifies until ${key.verifies_until ?? '-'}`,
      )
      print(options, rows, text.join('\n') || 'There is no key yet; the first start makes one.')
    })

  keys
    .command('rotate')
    .description('make the next key; no token is refused meanwhile')
    .option('--now', 'for a stolen key: sign with a new one at once, refuse all others')
    .option('--json', 'print JSON')
    .action(async (options: { now?: boolean; json?: boolean }) => {
      const row = await withKeys(async (service) => {
        // A key that is sealed under another secret would keep the server from starting again.
        await service.open()
        return options.now ? service.replace() : service.rotate()
      })
      print(options, describe(row), `Key ${row.id} signs from ${row.signsFrom}.`)
    })

  async function withKeys<T>(work: (service: KeysService) => Promise<T>): Promise<T> {
    const { createKeysService, hasKeys } = await import('../features/keys/service.ts')
    const { findSecret } = await import('../secret.ts')
    const config = await configure()
    const { accessTokenSeconds } = config
    const { createAuditService } = await import('../features/audit/service.ts')
    const clock = systemClock
    return withMigratedStore(config, async (store) => {
      const secret = findSecret(config, { hasKeys: await hasKeys(store) })
      const audit = createAuditService({ store, clock })
      return work(createKeysService({ store, clock, audit, secret, accessTokenSeconds }))
    })
  }
}

/** What there is to tell of a key; never its private half. */
function describe(row: SigningKeyRow) {
  return {
    kid: row.id,
    created_at: row.createdAt,
    signs_from: row.signsFrom,
    verifies_until: row.verifiesUntil,
  }
}
