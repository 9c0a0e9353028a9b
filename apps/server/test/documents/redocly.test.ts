import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { openApiDocument } from '../../src/documents/openapi.ts'

const redocly = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'))

/** The strict rules but one: Rollcall's paths end in a slash, as those of the system it replaces. */
const rules = 'extends: [recommended-strict]\nrules:\n  no-path-trailing-slash: off\n'

const document = openApiDocument({ publicUrl: 'https://accounts.rollcall.test', version: '1.2.3' })

/** What Redocly finds; it reports nothing home and asks for no update. */
function lint(t: Test, checked: object) {
  const folder = t.testdir({ 'redocly.yaml': rules, 'openapi.json': JSON.stringify(checked) })
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [redocly, 'lint', '--config', join(folder, 'redocly.yaml'), join(folder, 'openapi.json')],
    {
      encoding: 'utf8',
      env: { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', HOME: folder },
    },
  )
  return { status, output: stdout + stderr }
}

t.test("the document is clean under Redocly's recommended-strict rules", async (t) => {
  const { status, output } = lint(t, document)
  t.equal(status, 0, output)
  t.notMatch(output, /warning/i)
})

t.test('the check notices an operation without a summary', async (t) => {
  const broken = structuredClone(document)
  Object.assign(broken.paths['/api/register/']?.post ?? {}, { summary: undefined })
  const { status, output } = lint(t, broken)
  t.not(status, 0)
  t.match(output, /operation-summary/)
})
