import { builtCli, ensureBuilt } from './builds.mjs'
import { ensureInstalled } from './install.mjs'
import { exitCode, startNode } from './processes.mjs'

const programs = {
  start: [builtCli, 'serve'],
  rollcall: [builtCli],
  test: ['.tools/check.mjs'],
  bench: ['apps/bench/src/main.ts'],
}

/** Runs a program of the repository, installed and built; this process ends with its code. */
export async function launch(name, args) {
  const program = programs[name]
  if (!program) {
    console.error(`Usage: node .tools/run.mjs ${Object.keys(programs).join(' | ')}`)
    process.exit(2)
  }
  await ensureInstalled()
  await ensureBuilt()
  // Tests and benchmarks start what people start.
  const env = { ROLLCALL_TEST_CLI: process.env.ROLLCALL_TEST_CLI ?? builtCli }
  process.exitCode = await exitCode(startNode([...program, ...args], { env }))
}
