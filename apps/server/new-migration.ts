import { spawnSync } from 'node:child_process'
import { readMigrations } from './src/db/migrate.ts'

const dialects = { sqlite: 'sqlite', postgres: 'postgresql' } as const
const databases = ['sqlite', 'postgres'] as const

const [name, ...options] = process.argv.slice(2)
if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('Usage: pnpm --filter @rollcall/server migration <name_in_snake_case> [--custom]')
  process.exit(2)
}
makePair(name)

/** Compares tables.ts with the last migrations of both dialects, and writes the next ones. */
function makePair(name: string) {
  for (const database of databases) generate(database, name, options)

  // One name stands for one change: the dialect that has nothing to do gets an empty file.
  const counts = databases.map((database) => readMigrations(database).length)
  for (const [position, database] of databases.entries()) {
    const isBehind = counts[position] !== Math.max(...counts)
    if (isBehind) generate(database, name, ['--custom'])
  }
}

function generate(database: keyof typeof dialects, name: string, options: string[]) {
  const { status } = spawnSync(
    'drizzle-kit',
    [
      'generate',
      `--dialect=${dialects[database]}`,
      `--schema=src/db/schema.${database}.ts`,
      `--out=migrations/${database}`,
      `--name=${name}`,
      ...options,
    ],
    { stdio: 'inherit', shell: process.platform === 'win32' },
  )
  if (status !== 0) process.exit(1)
}
