import { createInterface } from 'node:readline'

const testPoint =
  /^(?<indent> *)(?<not>not )?ok \d+(?: - )?(?<title>.*?)(?: # time=(?<ms>[\d.]+)ms)?(?: # (?<directive>SKIP|TODO)\b ?(?<reason>.*?))?(?: \{)?$/
const subtest = /^(?<indent> *)# Subtest: (?<title>.*)$/
const totals = /^# \{ total: \d+/
const structure = /^ *(?:#.*|1\.\.\d+.*|\}|TAP version \d+)?$/

/**
 * Reads the TAP (testanything.org, version 14) of a run while it comes. Prints each file that is
 * done, each failure with its diagnostics, and what the tests print; answers tap's own counts.
 */
export async function readTap(stream, print) {
  const run = { print, passed: 0, failed: 0, skipped: new Set(), titles: [], failedInside: [] }
  for await (const line of createInterface({ input: stream })) readLine(run, line)
  return { passed: run.passed, failed: run.failed, skipped: [...run.skipped] }
}

function readLine(run, line) {
  if (run.diagnosticsEnd) return readDiagnostics(run, line)
  if (run.afterPoint && line.trim() === '---') {
    run.diagnosticsEnd = line.replace('---', '...')
    return
  }
  const point = line.match(testPoint)?.groups
  run.afterPoint = point !== undefined
  if (point) readPoint(run, point)
  else if (subtest.test(line)) enterSubtest(run, line.match(subtest).groups)
  else if (totals.test(line)) readTotals(run, line)
  else if (!structure.test(line)) run.print(line)
}

function readDiagnostics(run, line) {
  if (line === run.diagnosticsEnd) run.diagnosticsEnd = undefined
  else if (run.isFailureShown) run.print(`    ${line.slice(run.diagnosticsEnd.length - 3)}`)
}

/** A failure is shown where it happened; the subtests around it fail for that reason alone. */
function readPoint(run, { indent, not, title, ms, directive, reason }) {
  const depth = indent.length / 4
  const failed = not !== undefined && directive === undefined
  const path = [...run.titles.slice(0, depth), title.replaceAll('\\#', '#')]
  run.isFailureShown = failed && !run.failedInside[depth]
  run.failedInside[depth] = false
  if (failed && depth > 0) run.failedInside[depth - 1] = true

  if (depth === 0) run.print(`${failed ? '✗' : '✓'} ${title} (${Math.round(ms ?? 0)} ms)`)
  else if (run.isFailureShown) run.print(`✗ ${path.join(' › ')}`)
  if (directive && !reason.startsWith('filter')) run.skipped.add(reason || path.join(' › '))
}

function enterSubtest(run, { indent, title }) {
  const depth = indent.length / 4
  run.titles[depth] = title.replaceAll('\\#', '#')
  run.failedInside[depth] = false
}

function readTotals(run, line) {
  const count = (name) => Number(line.match(`\\b${name}: (\\d+)`)?.[1] ?? 0)
  run.passed = count('pass')
  run.failed = count('fail')
}
