import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPostgresDatabase, type TemporaryDatabase } from '../database.ts'
import { runCommand, tryCommand, type Workspace } from '../processes.ts'
import { type Conditions, type Fault, type Row, type RowMaker, rowsOf } from './fault.ts'
import { makeOldDatabase } from './old-database.ts'
import { findDamage, withRows } from './rows.ts'
import { firstOf } from './scene.ts'
import { describePeople, describeSchema } from './schema.ts'
import { createFolder, type Place, places, secret } from './workspaces.ts'

const shim = fileURLToPath(new URL('shims/die-after.ts', import.meta.url))

/** At so many places the migration is killed in the short version; in the long one at all. */
const sampled = 8

export const migration: Fault = {
  id: 'F10',
  name: 'a migration is killed',
  async run(conditions) {
    const rows: Row[] = []
    for (const place of places) {
      const empty = await createOriginal(conditions, place)
      rows.push(await killEach(conditions, rowsOf('F10', `empty ${place}`), empty))
      const old = await createOriginal(conditions, place)
      await makeOldDatabase(old.url)
      rows.push(await killEach(conditions, rowsOf('F10', `old ${place}`), old))
      rows.push(await startTwo(rowsOf('F10', `old ${place}`), old))
    }
    return rows
  },
}

/** A database that is copied for each try, so that each begins with the same. */
interface Original {
  readonly url: string
  copy(): Promise<TemporaryDatabase>
}

async function createOriginal(conditions: Conditions, place: Place): Promise<Original> {
  if (place === 'PostgreSQL') {
    const server = (await conditions.cluster()).url
    const { url } = await createPostgresDatabase(server)
    const name = new URL(url).pathname.slice(1)
    return { url, copy: () => createPostgresDatabase(server, name) }
  }
  const path = join(createFolder(conditions), 'rollcall.db')
  return {
    url: `file:${path}`,
    async copy() {
      const copy = join(createFolder(conditions), 'rollcall.db')
      if (existsSync(path)) copyFileSync(path, copy)
      return { url: `file:${copy}`, drop: async () => {} }
    },
  }
}

/** Kills a migration at many places, and lets another finish what the database is left as. */
async function killEach(conditions: Conditions, row: RowMaker, original: Original): Promise<Row> {
  const clean = await migrateCleanly(conditions, original)
  const step = conditions.isLong ? 1 : Math.max(1, clean.statements / sampled)
  const wrong: string[] = []
  let kills = 0
  for (let after = 1; after <= clean.statements; after += step) {
    const statement = Math.round(after)
    const { url, drop } = await original.copy()
    kills += 1
    const killed = await tryCommand(shimmed(url, { ROLLCALL_TEST_DIE_AFTER: `${statement}` }), [
      'migrate',
    ])
    if (killed.code !== null) wrong.push(`it ended by itself after statement ${statement}`)
    const rerun = await tryCommand(workspaceOf(url), ['migrate'])
    if (rerun.code !== 0) wrong.push(`after statement ${statement}: ${rerun.said}`)
    else wrong.push(...(await compare(url, clean, statement)))
    await drop()
  }
  return row(
    'finished by the next start, with the same result',
    'always',
    `${kills - wrong.length} of ${kills} kills over ${clean.statements} statements${firstOf(wrong)}`,
    wrong.length === 0 && kills > 0,
  )
}

interface Clean {
  readonly statements: number
  readonly schema: string
  readonly people: string
}

async function migrateCleanly(conditions: Conditions, original: Original): Promise<Clean> {
  const { url, drop } = await original.copy()
  const file = join(createFolder(conditions), 'statements')
  await runCommand(shimmed(url, { ROLLCALL_TEST_COUNT_FILE: file }), ['migrate'])
  const described = await withRows(url, async (rows) => ({
    schema: await describeSchema(rows),
    people: await describePeople(rows),
  }))
  await drop()
  return { statements: Number(readFileSync(file, 'utf8')), ...described }
}

function compare(url: string, { schema, people }: Clean, statement: number): Promise<string[]> {
  return withRows(url, async (rows) => {
    const found: string[] = []
    if ((await describeSchema(rows)) !== schema) found.push('another schema')
    if ((await describePeople(rows)) !== people) found.push('other people')
    found.push(...(await findDamage(rows)))
    return found.map((line) => `after statement ${statement}: ${line}`)
  })
}

/** Of two that start at the same moment one migrates, and both serve. */
async function startTwo(row: RowMaker, original: Original): Promise<Row> {
  const { url, drop } = await original.copy()
  const both = await Promise.all(
    [1, 2].map(() => tryCommand(workspaceOf(url), ['migrate', '--json'])),
  )
  await drop()
  const applied = both.map(({ code, output }) =>
    code === 0 ? (JSON.parse(output) as { applied: string[] }).applied.length : -1,
  )
  const [fewer = -1, more = -1] = applied.toSorted((left, right) => left - right)
  return row(
    'of two starters one migrates',
    'the other finds nothing to do',
    `${more} and ${fewer} migrations`,
    fewer === 0 && more > 0,
  )
}

function workspaceOf(databaseUrl: string): Workspace {
  return { databaseUrl, secret }
}

function shimmed(databaseUrl: string, settings: Readonly<Record<string, string>>): Workspace {
  return { databaseUrl, secret, settings, node: ['--import', shim] }
}
