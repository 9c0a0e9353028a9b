import { execFile } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cli } from '../../support/cli.ts'
import { temporaryFolder } from '../../support/databases.ts'
import { createServer } from '../../support/server.ts'

/** Runs `rollcall doctor --json` in a folder of its own, as an operator does. */
function runDoctor(cwd: string, env: Record<string, string>) {
  return new Promise<{ code: number; findings: { check: string; what: string }[]; text: string }>(
    (resolve) => {
      const child = execFile(
        process.execPath,
        [cli, 'doctor', '--json'],
        { cwd, env },
        (_error, stdout, stderr) =>
          resolve({
            code: child.exitCode ?? -1,
            findings: JSON.parse(stdout),
            text: stdout + stderr,
          }),
      )
    },
  )
}

t.test('exits 0 on a sound server and 1 on a finding, which says what to do', async (t) => {
  const server = await createServer(t, { config: { secret: 'k3Jq9ZtW0xYbN7uR2mVhL5sD8fGpAeC4' } })
  const folder = temporaryFolder(t)
  const sound = {
    ROLLCALL_DATABASE_URL: server.databaseUrl,
    ROLLCALL_SECRET: 'k3Jq9ZtW0xYbN7uR2mVhL5sD8fGpAeC4',
  }
  const well = await runDoctor(folder, sound)
  t.same(well, { code: 0, findings: [], text: '[]\n' })

  const ill = await runDoctor(folder, { ...sound, ROLLCALL_LIMITS: 'off' })
  t.equal(ill.code, 1)
  t.match(ill.findings, [{ check: 'limits', what: String, why: String, remedy: String }])
  t.notOk(ill.text.includes(sound.ROLLCALL_SECRET))
})

t.test('files that others may read are found before they are opened', async (t) => {
  const server = await createServer(t, { config: { secret: 'k3Jq9ZtW0xYbN7uR2mVhL5sD8fGpAeC4' } })
  const file = server.databaseUrl.slice('file:'.length)
  const folder = temporaryFolder(t)
  chmodSync(file, 0o640)
  const environment = join(folder, '.env')
  writeFileSync(environment, 'ROLLCALL_SECRET=k3Jq9ZtW0xYbN7uR2mVhL5sD8fGpAeC4\n')
  chmodSync(environment, 0o644)
  const { code, findings } = await runDoctor(folder, { ROLLCALL_DATABASE_URL: server.databaseUrl })
  t.equal(code, 1)
  t.match(findings, [
    { check: 'files', what: new RegExp(file) },
    { check: 'files', what: /\.env/ },
  ])
})

t.test('a file of settings is read as the server reads it', async (t) => {
  const server = await createServer(t, { config: { secret: 'k3Jq9ZtW0xYbN7uR2mVhL5sD8fGpAeC4' } })
  const spellings = ['export ROLLCALL_SECRET=', '  ROLLCALL_SECRET = ']
  for (const spelling of spellings) {
    const folder = temporaryFolder(t)
    const environment = join(folder, '.env')
    writeFileSync(environment, `${spelling}k3Jq9ZtW0xYbN7uR2mVhL5sD8fGpAeC4\n`)
    chmodSync(environment, 0o644)
    const { findings } = await runDoctor(folder, { ROLLCALL_DATABASE_URL: server.databaseUrl })
    t.match(findings, [{ check: 'files', what: /\.env/ }], spelling)
  }
})

t.test('where there is nothing yet it says so, and makes nothing', async (t) => {
  const folder = temporaryFolder(t)
  const { code, findings } = await runDoctor(folder, {})
  t.equal(code, 1)
  t.match(findings, [{ check: 'database', what: /There is no file/ }])
  t.same(readdirSync(folder), [])
})

t.test('ASVS 13.2.3: production does not start without a secret of its own', async (t) => {
  const folder = temporaryFolder(t)
  const error = await new Promise<{ code: number; stderr: string }>((resolve) => {
    const env = { ROLLCALL_ENV: 'production', ROLLCALL_PORT: '0' }
    const child = execFile(
      process.execPath,
      [cli, 'serve'],
      { cwd: folder, env },
      (_, __, stderr) => resolve({ code: child.exitCode ?? -1, stderr }),
    )
  })
  t.equal(error.code, 1)
  t.match(error.stderr, /^rollcall: ROLLCALL_SECRET is missing/)
  t.notOk(existsSync(join(folder, 'data/secret')))
})
