import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { listEndpoints } from '@rollcall/contract'
import t, { type Test } from 'tap'
import { startServer } from '../support/server.ts'

const newman = fileURLToPath(import.meta.resolve('newman/bin/newman.js'))

interface Report {
  run: {
    executions: {
      item: { name: string }
      response: { code: number }
      assertions: { assertion: string; error?: { message: string } }[]
    }[]
    failures: { error: { message: string } }[]
  }
}

/** Runs the collection as its readers do: from the server, with nothing but the address given. */
async function runCollection(t: Test, url: string): Promise<Report['run']> {
  const report = join(t.testdir(), 'report.json')
  const settings = ['--env-var', `baseUrl=${url}`, '--reporters', 'json']
  await promisify(execFile)(process.execPath, [
    newman,
    'run',
    `${url}/postman.json`,
    ...settings,
    '--reporter-json-export',
    report,
    '--suppress-exit-code',
  ])
  return (JSON.parse(readFileSync(report, 'utf8')) as Report).run
}

t.test('the collection runs from register to the last delete, and can be run again', async (t) => {
  const { url, store } = await startServer(t)

  for (const time of ['first', 'second']) {
    const { executions, failures } = await runCollection(t, url)
    t.same(
      failures.map(({ error }) => error.message),
      [],
      time,
    )
    t.same([...new Set(executions.map(({ item }) => idOf(item)))].sort(), operationIds)
    for (const { item, assertions } of executions) t.ok(assertions?.length, item.name)
    const refused = executions.filter(({ response }) => response.code >= 400)
    t.same(
      refused.map(({ item, response }) => `${idOf(item)} ${response.code}`).sort(),
      [...needPermission.map((id) => `${id} 403`), 'password.set 400'].sort(),
      'only what a permission or a link is needed for',
    )
  }

  const left = await store.read.select().from(store.tables.users)
  t.equal(left.length, 2, 'the throw-away accounts are gone')
})

const operationIds = listEndpoints()
  .map(([id]) => id)
  .sort()

const needPermission = listEndpoints()
  .filter(([, { access }]) => access.kind === 'permission')
  .map(([id]) => id)

function idOf({ name }: { name: string }) {
  return name.split(':')[0]
}
