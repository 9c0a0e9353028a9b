#!/usr/bin/env node
import { existsSync } from 'node:fs'

const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24) {
  process.stderr.write(
    `rollcall needs Node 24 or later, and this is ${process.versions.node}. Run it as \`npm run rollcall\`, which brings its own.\n`,
  )
  process.exit(1)
}
if (existsSync('.env')) process.loadEnvFile('.env')

// Loaded only now: an older Node cannot even read what follows.
await import('./db/quick-drizzle.ts')
const { run } = await import('./commands/run.ts')
process.exitCode = await run(process.argv, process.env)
