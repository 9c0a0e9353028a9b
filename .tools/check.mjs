import { outcome, piped, startNode, wasSignalled } from './processes.mjs'
import { runTests } from './tests.mjs'
import { filesOfPackages } from './workspace.mjs'

const tsc = 'node_modules/typescript/bin/tsc'
const biome = 'node_modules/@biomejs/biome/bin/biome'
const isTerminal = process.stdout.isTTY === true

process.exitCode = await check(process.argv.slice(2))

/**
 * Runs the type check, the linter and the tests, all three whichever fails. Ends by naming what
 * failed and what was not run, and with the line `N passed, N failed`.
 */
async function check(tapArgs) {
  const [types, style] = await Promise.all([checkTypes(), checkStyle()])
  process.stdout.write(types.output + style.output)
  if (wasSignalled()) return 130
  return report([types, style, await runTests(tapArgs)])
}

async function checkTypes() {
  const outcomes = await Promise.all(
    filesOfPackages('tsconfig.json').map((project) =>
      outcome(startNode([tsc, '-p', project, '--pretty', String(isTerminal)], { stdio: piped })),
    ),
  )
  const passed = outcomes.every(({ code }) => code === 0)
  return one('type check', passed, outcomes.map(({ output }) => output).join(''))
}

async function checkStyle() {
  const colors = `--colors=${isTerminal ? 'force' : 'off'}`
  const child = startNode([biome, 'ci', '--error-on-warnings', colors], { stdio: piped })
  const { code, output } = await outcome(child)
  return one('lint', code === 0, code === 0 ? '' : output)
}

/** A check that counts as one test. */
function one(name, passed, output) {
  return { name, passed: passed ? 1 : 0, failed: passed ? 0 : 1, notRun: [], output }
}

function report(checks) {
  const notRun = checks.flatMap((check) => check.notRun)
  const demanded = process.env.ROLLCALL_TEST_DEMAND_ALL === '1' ? notRun.length : 0
  const results = [...checks, { name: 'what was not run', passed: 0, failed: demanded }]
  const passed = sum(results.map((result) => result.passed))
  const failed = sum(results.map((result) => result.failed))

  const failures = results.filter((result) => result.failed > 0).map(({ name }) => name)
  if (failures.length > 0) console.log(`FAILED: ${failures.join(', ')}`)
  for (const what of notRun) console.log(`NOT RUN: ${what}`)
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}
