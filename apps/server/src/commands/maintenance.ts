import type { Command } from 'commander'
import { systemClock, toInstant } from '../clock.ts'
import { type Configure, print, withStore } from './workspace.ts'

export function registerMaintenanceCommands(program: Command, configure: Configure) {
  program
    .command('migrate')
    .description('bring the database up to date; `serve` does it by itself')
    .option('--dry-run', 'only name the migrations that would be applied')
    .option('--json', 'print JSON')
    .action(async (options: { dryRun?: boolean; json?: boolean }) => {
      const names = await withStore(await configure(), (store) =>
        options.dryRun
          ? store.pendingMigrations()
          : store.migrate(() => toInstant(systemClock.now())),
      )
      const verb = options.dryRun ? 'pending' : 'applied'
      const text = names.map((name) => `${verb}: ${name}`).join('\n')
      print(options, { [verb]: names }, text || 'The database is up to date.')
    })
}
