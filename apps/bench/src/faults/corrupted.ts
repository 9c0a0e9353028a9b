import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { tryCommand, type Workspace } from '../processes.ts'
import { type Conditions, type Fault, type Row, rowsOf } from './fault.ts'
import { withScene } from './scene.ts'
import { createWorkspace, fileOf } from './workspaces.ts'

const nobody = 65_534

/** What is done to a database that people have signed in to. */
const damages: Readonly<Record<string, (path: string) => void>> = {
  'no database at all': (path) =>
    writeFileSync(path, 'not a database, and never was one\n'.repeat(200)),
  'cut in half': (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
  'a page overwritten': (path) => overwritePage(path),
  emptied: (path) => truncateSync(path, 0),
  'gone, its log still there': (path) => {
    copyFileSync(path, `${path}-wal`)
    rmSync(path)
  },
  'unreadable for the server': (path) => {
    chownSync(dirname(path), nobody, nobody)
    chmodSync(path, 0)
  },
}

export const corrupted: Fault = {
  id: 'F20',
  name: 'the database is corrupted or unreadable',
  async run(conditions) {
    const rows: Row[] = []
    for (const [name, damage] of Object.entries(damages)) {
      const workspace = await makeUsed(conditions)
      rows.push(await startDamaged(workspace, name, damage))
    }
    const other = { ...(await makeUsed(conditions)), secret: 'another secret than the one it had' }
    return [...rows, await startDamaged(other, 'of another secret', () => {})]
  },
}

async function makeUsed(conditions: Conditions): Promise<Workspace> {
  const workspace = await createWorkspace(conditions, 'SQLite')
  await withScene(workspace, async ({ caller, ledger, victim }) => {
    for (let count = 0; count < 20; count += 1) await ledger.register(caller)
    await victim.end('SIGTERM')
  })
  return workspace
}

/** A start must end by one line for the operator, and leave the file as it is. */
export async function startDamaged(
  workspace: Workspace,
  name: string,
  damage: (path: string) => void,
): Promise<Row> {
  const path = fileOf(workspace)
  damage(path)
  const isUnreadable = existsSync(path) && (statSync(path).mode & 0o777) === 0
  const before = contentsOf(path)
  const started = { ...workspace, ...(isUnreadable && { uid: nobody }) }
  const { code, said } = await tryCommand(withPort(started), ['serve'], '', startLimitMs)
  const lines = said.trim().split('\n')
  const isSame = contentsOf(path) === before
  return rowsOf('F20', name)(
    'the start',
    'refused in one line, the file left as it is',
    `exit code ${code}, ${lines.length} line: ${lines[0]?.slice(0, 160)}${isSame ? '' : '; the file is another'}`,
    code === 1 && lines.length === 1 && said.startsWith('rollcall: ') && isSame,
  )
}

/** Of a start that is not refused, too. */
const startLimitMs = 10_000

function withPort(workspace: Workspace): Workspace {
  return { ...workspace, settings: { ...workspace.settings, ROLLCALL_PORT: '0' } }
}

function contentsOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'latin1') : undefined
}

/** Not the first one, which tells what kind of file it is. */
function overwritePage(path: string) {
  const bytes = readFileSync(path)
  const pageSize = bytes.readUInt16BE(16)
  const page = Math.floor(bytes.length / pageSize / 2)
  bytes.fill(0xa5, page * pageSize, (page + 1) * pageSize)
  writeFileSync(path, bytes)
}
