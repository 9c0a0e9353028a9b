import type { Command } from 'commander'
import { systemClock, toInstant } from '../clock.ts'
import { type Configure, print, withMigratedStore, withStore } from './workspace.ts'

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

  program
    .command('sessions')
    .description('look after sessions')
    .command('prune')
    .description('delete the sessions that have expired; the server does it by itself')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const { createAuditService } = await import('../features/audit/service.ts')
      const { createRolesService } = await import('../features/roles/service.ts')
      const { createSessionsService } = await import('../features/sessions/service.ts')
      const config = await configure()
      const clock = systemClock
      const deleted = await withMigratedStore(config, (store) => {
        const audit = createAuditService({ store, clock })
        const roles = createRolesService({ store, clock, audit })
        return createSessionsService({ store, clock, settings: config, roles, audit }).prune()
      })
      print(options, { deleted }, `${deleted} expired sessions deleted.`)
    })
}
