import type { TObject, TSchema } from 'typebox'
import { Config, variableOf } from '../src/config.ts'
import { replaceBetween } from './readme.ts'

const start = '<!-- settings: made by `pnpm generate` from apps/server/src/config.ts -->'
const end = '<!-- /settings -->'

const settings = Object.entries((Config as TObject).properties).map(([name, schema]) => ({
  variable: variableOf(name),
  fallback: memberOf(schema, 'default'),
  meaning: memberOf(schema, 'description'),
}))

/** `.env.example`: every setting, commented out, at its default. */
export function envExample(): string {
  const blocks = settings.map(
    ({ variable, fallback, meaning }) => `# ${meaning}\n#${variable}=${fallback}\n`,
  )
  return `# Copy to .env and change what you need. Each line shows the default.\n\n${blocks.join('\n')}`
}

/** The README with its table of settings renewed. */
export function withSettings(readme: string): string {
  const rows = settings.map(
    ({ variable, fallback, meaning }) => `| \`${variable}\` | ${cell(fallback)} | ${meaning} |`,
  )
  const table = ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n')
  return replaceBetween(readme, start, table, end)
}

function cell(fallback: string): string {
  return fallback === '' ? '' : `\`${fallback}\``
}

function memberOf(schema: TSchema, member: string): string {
  return member in schema ? String((schema as Record<string, unknown>)[member]) : ''
}
