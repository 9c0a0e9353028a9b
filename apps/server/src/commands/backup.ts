import type { Command } from 'commander'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { type Configure, MisuseError, print } from './workspace.ts'

export function registerBackupCommands(program: Command, configure: Configure) {
  program
    .command('backup')
    .description('copy the database of SQLite to a file, while the server runs')
    .argument('<file>', 'where to, outside the folder of the database')
    .option('--force', 'overwrite the file')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { force?: boolean; json?: boolean }) => {
      const config = await configure()
      const path = sqliteFileOf(config, `pg_dump --format=custom --no-owner --file=${quote(file)}`)
      const { backUp } = await import('../features/backups/service.ts')
      const report = await backUp(path, file, options)
      const text = [
        `${path} is copied to ${file}, and the copy checked: ${report.bytes.toLocaleString('en')} bytes.`,
        `SHA-256 ${report.sha256}`,
        describeRows(report.rows),
        `The secret is not in it: keep ${await secretOf(config)} apart from it, since a restored database needs both.`,
      ].join('\n')
      print(options, { file, ...report }, text)
    })

  program
    .command('restore')
    .description('put a backup in place of the database of SQLite; the server must be stopped')
    .argument('<file>', 'what `rollcall backup` has made')
    .option('--force', 'even where there is a database, which is kept under another name')
    .option('--keep-sessions', 'let those who were signed in stay signed in')
    .option('--json', 'print JSON')
    .action(
      async (
        file: string,
        options: { force?: boolean; keepSessions?: boolean; json?: boolean },
      ) => {
        const config = await configure()
        const tool = 'pg_restore --clean --if-exists --no-owner --exit-on-error --dbname'
        const path = sqliteFileOf(
          config,
          tool,
          ` ${quote(file)}\` and then \`rollcall sessions end-all`,
        )
        const { restore } = await import('../features/backups/service.ts')
        const { force = false, keepSessions = false } = options
        const clock = systemClock
        const restored = await restore(file, { ...config, path }, { clock, force, keepSessions })
        const { report, previous = null, endedSessions } = restored
        const text = [
          `${path} is restored from ${file}.`,
          `SHA-256 ${report.sha256}`,
          describeRows(report.rows),
          ...(keepSessions ? [] : [`Sessions ended: ${endedSessions}. Everybody signs in anew.`]),
          ...(previous ? [`The database that was there is kept as ${previous}.`] : []),
          `It needs the secret that it was made with: ${await secretOf(config)}.`,
        ].join('\n')
        print(options, { file, ...report, endedSessions, previous }, text)
      },
    )
}

/** The file of the database; for PostgreSQL its own tool is named. */
function sqliteFileOf({ databaseUrl }: Config, tool: string, rest = ''): string {
  if (databaseUrl.startsWith('file:')) return databaseUrl.slice('file:'.length)
  throw new MisuseError(
    `PostgreSQL has tools of its own. Run \`${tool} "$ROLLCALL_DATABASE_URL"${rest}\`.`,
  )
}

/** As a shell reads it. */
function quote(file: string): string {
  return `'${file.replaceAll("'", "'\\''")}'`
}

function describeRows(rows: Readonly<Record<string, number>>): string {
  return Object.entries(rows)
    .map(([table, count]) => `${table} ${count.toLocaleString('en')}`)
    .join(', ')
}

async function secretOf({ secret, env, databaseUrl }: Config): Promise<string> {
  if (secret || env === 'production') return 'ROLLCALL_SECRET'
  const { secretFileOf } = await import('../secret.ts')
  return `the file ${secretFileOf(databaseUrl)}`
}
