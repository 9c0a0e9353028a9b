import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { alone } from './lock.mjs'
import { exitCode, mustSucceed, piped, root, startNode } from './processes.mjs'
import { readTap } from './tap-reader.mjs'

const tap = 'node_modules/tap/dist/esm/run.mjs'
const postgres =
  'PostgreSQL (set ROLLCALL_TEST_POSTGRES_URL=postgres://... to run the same tests there)'

/** Runs all test files, or those named, in one run of tap. */
export async function runTests(args) {
  await ensureTapIsBuilt()
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-test-'))
  try {
    return await runTap(args, join(folder, 'not-run'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * A test file that cannot run something where it is appends a line to the not-run file. tap's own
 * reporters swallow what a file says on stderr before it crashes, so stderr is passed through and
 * the TAP is read here.
 */
async function runTap(args, notRunFile) {
  writeFileSync(notRunFile, '')
  const child = startNode([tap, '--reporter=tap', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ROLLCALL_TEST_NOT_RUN_FILE: notRunFile },
  })
  const [code, results] = await Promise.all([exitCode(child), readTap(child.stdout, console.log)])
  const announced = readFileSync(notRunFile, 'utf8').split('\n').filter(Boolean)
  return {
    name: 'tests',
    passed: results.passed,
    failed: code === 0 ? results.failed : Math.max(results.failed, 1),
    notRun: [...new Set([...results.skipped, ...announced]), ...withoutPostgres()],
  }
}

function withoutPostgres() {
  return process.env.ROLLCALL_TEST_POSTGRES_URL ? [] : [postgres]
}

/** tap generates its test class from its plugins, and would use the old one for a run. */
async function ensureTapIsBuilt() {
  if (isTapBuilt()) return
  await alone(async () => {
    if (isTapBuilt()) return
    await mustSucceed(
      startNode([tap, 'build'], { stdio: piped }),
      'Building tap failed; what it said is above.',
    )
  })
}

/** Whether the plugins that package.json leaves out are left out of the generated class. */
function isTapBuilt() {
  const { plugin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).tap
  const dependenciesOfTap = join(realpathSync(join(root, 'node_modules/tap')), '..')
  const testClass = join(dependenciesOfTap, '@tapjs/test/test-built/dist/esm/index.js')
  if (!existsSync(testClass)) return false
  const source = readFileSync(testClass, 'utf8')
  return plugin.every((name) => !source.includes(name.replace(/^!/, '')))
}
