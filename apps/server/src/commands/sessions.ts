import type { Command } from 'commander'
import { systemClock } from '../clock.ts'
import type { SessionsService } from '../features/sessions/service.ts'
import { type Configure, print, withMigratedStore } from './workspace.ts'

export function registerSessionsCommands(program: Command, configure: Configure) {
  const sessions = program.command('sessions').description('look after sessions')

  sessions
    .command('prune')
    .description('delete the sessions that have expired; the server does it by itself')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const deleted = await withSessions((service) => service.prune())
      print(options, { deleted }, `${deleted} expired sessions deleted.`)
    })

  sessions
    .command('end-all')
    .description('end every session of everybody, as after PostgreSQL was restored')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const ended = await withSessions((service) => service.endEverybodys())
      print(options, { ended }, `${ended} sessions ended. Everybody signs in anew.`)
    })

  async function withSessions<T>(work: (service: SessionsService) => Promise<T>): Promise<T> {
    const { createAuditService } = await import('../features/audit/service.ts')
    const { createRolesService } = await import('../features/roles/service.ts')
    const { createSessionsService } = await import('../features/sessions/service.ts')
    const config = await configure()
    const clock = systemClock
    return withMigratedStore(config, (store) => {
      const audit = createAuditService({ store, clock })
      const roles = createRolesService({ store, clock, audit })
      return work(createSessionsService({ store, clock, settings: config, roles, audit }))
    })
  }
}
