import { ensureInstalled } from './install.mjs'
import { ensurePanelBuilt } from './panel.mjs'
import { exitCode, startNode } from './processes.mjs'

const programs = {
  start: ['apps/server/src/cli.mjs', 'serve'],
  test: ['.tools/check.mjs'],
}

/** Runs a program of the repository, installed; this process ends with the program's code. */
export async function launch(name, args) {
  const program = programs[name]
  if (!program) {
    console.error(`Usage: node .tools/run.mjs ${Object.keys(programs).join(' | ')}`)
    process.exit(2)
  }
  await ensureInstalled()
  await ensurePanelBuilt()
  process.exitCode = await exitCode(startNode([...program, ...args]))
}
