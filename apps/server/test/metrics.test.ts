import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import t, { type Test } from 'tap'
import { cli } from './support/cli.ts'
import { createDatabase } from './support/databases.ts'
import { password } from './support/server.ts'

await t.test('the metrics of a running server', async (t) => {
  const { api, metrics, stop } = await start(t, await createDatabase(t, 'sqlite'))
  const post = (path: string, body: object) =>
    fetch(api + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  await post('/api/register/', { username: 'alice', email: 'alice@example.com', password })
  await post('/api/token/', { username: 'alice', password })
  await post('/api/token/', { username: 'alice', password: 'a-wrong-password' })
  await fetch(`${api}/api/token/`)
  const answer = await fetch(`${metrics}/metrics`)
  const text = await answer.text()

  await t.test(
    'ASVS 13.4.5: a port of their own tells them, in the format of Prometheus',
    async (t) => {
      t.match(answer.headers.get('content-type'), /^text\/plain; version=0\.0\.4/)
      t.equal((await fetch(`${metrics}/api/`)).status, 404)
      t.equal((await fetch(`${metrics}/metrics`, { method: 'POST' })).status, 404)
      t.equal((await fetch(`${api}/metrics`)).status, 404, 'not on the port of the API')
    },
  )

  await t.test('requests are counted by operation and status, and timed', async (t) => {
    t.match(text, 'rollcall_http_requests_total{operation="register",status="201"} 1\n')
    t.match(text, 'rollcall_http_requests_total{operation="token.create",status="401"} 1\n')
    t.match(text, 'rollcall_http_requests_total{operation="other",status="405"} 1\n')
    t.match(text, 'rollcall_http_request_duration_seconds_count{operation="token.create"} 2\n')
  })

  await t.test('sign-ins are counted by outcome', async (t) => {
    t.match(text, 'rollcall_sign_ins_total{outcome="succeeded"} 1\n')
    t.match(text, 'rollcall_sign_ins_total{outcome="failed"} 1\n')
  })

  await t.test('hashes, commits, memory and the event loop are measured', async (t) => {
    t.match(text, 'rollcall_password_hashes_running 0\n')
    t.match(text, 'rollcall_password_hashes_waiting 0\n')
    t.match(text, /^process_resident_memory_bytes \d+/m)
    t.match(text, /^nodejs_eventloop_lag_p99_seconds [\d.e-]+/m)
    const [, commits] = /^rollcall_group_commit_size_count (\d+)/m.exec(text) ?? []
    t.ok(Number(commits) > 0)
  })

  await t.test('ASVS 16.2.5: no name, address or secret is among them', async (t) => {
    for (const secret of ['alice', password, 'a-wrong-password', '127.0.0.1']) {
      t.notOk(text.includes(secret), secret)
    }
  })

  await t.test('the server stops as it is told to', async (t) => {
    t.equal(await stop(), 0)
  })
})

/** The real process, on free ports, with the addresses that it logs. */
async function start(t: Test, databaseUrl: string) {
  const child = spawn(process.execPath, [cli, 'serve'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ROLLCALL_DATABASE_URL: databaseUrl,
      ROLLCALL_SECRET: 'a secret of the tests, long enough',
      ROLLCALL_PORT: '0',
      ROLLCALL_METRICS_PORT: '0',
    },
  })
  t.teardown(() => child.kill('SIGKILL'))
  const [api, metrics] = await readAddresses(child)
  const stop = () =>
    new Promise<number | null>((resolve) => {
      child.once('exit', resolve)
      child.kill('SIGTERM')
    })
  return { api, metrics, stop }
}

async function readAddresses({ stdout }: ChildProcess): Promise<[string, string]> {
  if (!stdout) throw new Error('The output is not piped')
  let api = ''
  for await (const line of createInterface({ input: stdout })) {
    const { msg, address } = JSON.parse(line)
    api ||= /^Server listening at (\S+)/.exec(msg)?.[1] ?? ''
    if (msg !== 'serving /metrics') continue
    stdout.resume()
    return [api, `http://${address.address}:${address.port}`]
  }
  throw new Error('The server has ended')
}
