import type { Command } from 'commander'
import type { Config } from '../config.ts'
import { type Configure, print } from './workspace.ts'

export function registerConfigCommand(program: Command, configure: Configure) {
  program
    .command('config')
    .description('print the effective settings, without secrets')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const { Config, variableOf } = await import('../config.ts')
      const config = await configure()
      const settings: Record<string, unknown> = {}
      const lines: string[] = []
      for (const [name, schema] of Object.entries(Config.properties)) {
        const value = shown(config, name as keyof Config)
        const meaning = 'description' in schema ? schema.description : ''
        settings[name] = value
        lines.push(`${variableOf(name)}=${value ?? ''}`, `  ${meaning}`)
      }
      print(options, settings, lines.join('\n'))
    })
}

/** The value of a setting, `null` without one; of what is secret only that it is there. */
function shown(config: Config, name: keyof Config): string | number | null {
  if (name === 'secret') return config.secret ? '(set)' : null
  const value = config[name] ?? null
  return typeof value === 'string' && secretUrls.has(name) ? withoutPassword(value) : value
}

const secretUrls: ReadonlySet<string> = new Set(['databaseUrl', 'databaseReadUrl', 'redisUrl'])

/** A password may stand before the host, or among the parameters, which are not shown at all. */
function withoutPassword(text: string): string {
  if (text.startsWith('file:')) return text
  const url = new URL(text)
  if (url.password) url.password = '***'
  if (url.search) url.search = '***'
  return url.href
}
