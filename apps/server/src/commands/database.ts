import type { Command } from 'commander'
import { systemClock } from '../clock.ts'
import { type Configure, MisuseError, print } from './workspace.ts'

export function registerDatabaseCommands(program: Command, configure: Configure) {
  program
    .command('db')
    .description('look after the database as a whole')
    .command('copy')
    .description('copy everything from SQLite to PostgreSQL or back, while no server runs')
    .requiredOption('--to <url>', 'an empty database: file:... or postgres://...')
    .option('--from <url>', 'by default ROLLCALL_DATABASE_URL')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nKilled, it goes on where it was when it is run again. A password of PostgreSQL is taken\nfrom PGPASSWORD too, where other users of the machine cannot read it.',
    )
    .action(async (options: { from?: string; to: string; json?: boolean }) => {
      const config = await configure()
      const { from = config.databaseUrl, to } = options
      for (const url of [from, to]) refuseNoUrl(url)
      const { peekSecret } = await import('../secret.ts')
      const { moveDatabase } = await import('../features/copies/service.ts')
      const copied = await moveDatabase({
        from,
        to,
        clock: systemClock,
        secret: peekSecret({ ...config, databaseUrl: from }),
        onProgress: (table, rows, total) =>
          process.stderr.write(
            `${table}: ${rows.toLocaleString('en')} of ${total.toLocaleString('en')}\n`,
          ),
      })
      const lines = copied.map(
        ({ table, rows, sha256 }) =>
          `${table}: ${rows.toLocaleString('en')} rows, SHA-256 ${sha256}`,
      )
      const next =
        'Every row is the same on both sides. Set ROLLCALL_DATABASE_URL to the target, and keep the secret.'
      print(options, copied, [...lines, next].join('\n'))
    })
}

function refuseNoUrl(url: string) {
  if (/^(file:.+|postgres(ql)?:\/\/.+)$/.test(url)) return
  throw new MisuseError('A database is named by `file:path/to.db` or `postgres://...`.')
}
