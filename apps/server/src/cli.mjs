#!/usr/bin/env node
// Plain JavaScript, so that an older Node can read it and say so.
import { existsSync } from 'node:fs'
import module from 'node:module'
import os from 'node:os'
import { fileURLToPath } from 'node:url'

const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24) {
  process.stderr.write(
    `rollcall needs Node 24 or later, and this is ${process.versions.node}. Run it as \`npm run rollcall\`, which brings its own.\n`,
  )
  process.exit(1)
}
// A start compiles nothing that one before has compiled; where the folder is read-only, it does.
module.enableCompileCache(
  fileURLToPath(new URL('../../../node_modules/.cache/compiled', import.meta.url)),
)
if (existsSync('.env')) process.loadEnvFile('.env')
// Every core hashes at the same time, and files are read meanwhile: libuv alone would start four.
process.env.UV_THREADPOOL_SIZE ??= String(os.availableParallelism() + 2)

// The bundle holds the packages that this is about.
if (import.meta.url.endsWith('/src/cli.mjs')) await import('./quick-imports.ts')
const { run } = await import('./commands/run.ts')
process.exitCode = await run(process.argv, process.env)
