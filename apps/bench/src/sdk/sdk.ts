import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from '../statistics.ts'
import { formatTable } from '../table.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const rounds = 9

const programs = {
  empty: 'export {}\n',
  consumer: `
    import { createClient, isApiError } from '@rollcall/sdk'
    const client = createClient({ baseUrl: '' })
    try {
      const user = await client.users.update('id', { first_name: 'A' })
      for await (const { id } of client.users.list({ search: user.username })) console.log(id)
    } catch (error) {
      if (isApiError(error, 'users.update')) console.log(error.code)
    }`,
}

/** What the SDK costs whoever uses it: to the compiler, and when it is first imported. */
export async function measureSdk() {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
  try {
    install(folder)
    const checking = compare((name) => [
      ...[join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict'],
      ...['--module', 'NodeNext', '--target', 'ES2022', '--lib', 'ES2022,DOM', `${name}.ts`],
    ])
    const importing = compare((name) => [
      '--input-type=module',
      '--eval',
      `const begun = performance.now()
      ${name === 'empty' ? '' : "await import('@rollcall/sdk')"}
      console.log(performance.now() - begun)`,
    ])
    const rows = [
      ['to check the types of a small file', ...cells(checking, 200)],
      ['to import it in Node for the first time', ...cells(importing, 15)],
    ]
    const heads = ['milliseconds', 'without', 'with', 'more', 'at most']
    console.log(formatTable(heads, rows))
    const notes = [`Medians of ${rounds} rounds, in turns, with the package as it is published.`]
    const table = { id: 'sdk', title: 'What the SDK costs', notes, heads, rows }
    return { isValid: true, checking, importing, tables: [table] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }

  /** Medians of the time that each takes, in turns, so that both meet the same machine. */
  function compare(argumentsOf: (name: keyof typeof programs) => string[]) {
    const times = { empty: [] as number[], consumer: [] as number[] }
    for (let round = 0; round < rounds; round += 1) {
      for (const name of ['empty', 'consumer'] as const) {
        const begun = performance.now()
        const said = execFileSync(process.execPath, argumentsOf(name), { cwd: folder })
        times[name].push(Number.parseFloat(String(said)) || performance.now() - begun)
      }
    }
    return { without: median(times.empty), with: median(times.consumer) }
  }
}

/** As it is published: built. */
function install(folder: string) {
  const pnpm = join(root, 'node_modules/pnpm/bin/pnpm.mjs')
  const sdk = join(root, 'packages/sdk')
  execFileSync(process.execPath, [pnpm, 'pack', '--out', join(folder, 'sdk.tgz')], { cwd: sdk })
  const installed = join(folder, 'node_modules/@rollcall/sdk')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', 'sdk.tgz', '--strip-components=1', '-C', installed], { cwd: folder })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const [name, text] of Object.entries(programs))
    writeFileSync(join(folder, `${name}.ts`), text)
}

function cells(times: { without: number; with: number }, atMost: number): string[] {
  const more = times.with - times.without
  const [without, withIt, moreMs] = [times.without, times.with, more].map((ms) => ms.toFixed(1))
  return [`${without}`, `${withIt}`, `${moreMs}`, `${atMost}${more > atMost ? ' (missed)' : ''}`]
}
