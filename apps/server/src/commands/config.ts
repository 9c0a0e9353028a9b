import type { Command } from 'commander'
import { Config, variableOf } from '../config.ts'
import { type Configure, print } from './workspace.ts'

export function registerConfigCommand(program: Command, configure: Configure) {
  program
    .command('config')
    .description('print the effective settings, without secrets')
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }) => {
      const settings = withoutSecrets(configure())
      const lines = Object.entries(settings).flatMap(([name, value]) => [
        `${variableOf(name)}=${value ?? ''}`,
        `  ${descriptionOf(name)}`,
      ])
      print(options, settings, lines.join('\n'))
    })
}

/** Every setting, those without a value too; what is secret is only said to be there. */
function withoutSecrets(config: Config): Record<string, unknown> {
  const settings: Record<string, unknown> = {}
  for (const name of Object.keys(Config.properties)) {
    settings[name] = config[name as keyof Config] ?? null
  }
  settings.secret = config.secret ? '(set)' : null
  settings.databaseUrl = config.databaseUrl.replace(/(:\/\/[^:/@]*):[^@]*@/, '$1:***@')
  return settings
}

function descriptionOf(name: string): string {
  const schema: object = Config.properties[name as keyof typeof Config.properties]
  return 'description' in schema ? String(schema.description) : ''
}
