import { mkdtempSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createPostgresDatabase } from '../database.ts'
import { runCommand, type Workspace } from '../processes.ts'
import type { Conditions } from './fault.ts'

export type Place = 'SQLite' | 'PostgreSQL'

export const places: readonly Place[] = ['SQLite', 'PostgreSQL']

export const secret = 'a secret that only benchmarks use'

/** What the ledger relies on: a spent token is refused at once, and nobody is slowed down. */
export const ledgerSettings = {
  ROLLCALL_REFRESH_GRACE_SECONDS: '0',
  ROLLCALL_REAUTHENTICATION_SECONDS: '3600',
  ROLLCALL_SESSIONS_PER_USER: '1000',
} as const

/** A database of one fault's own, migrated. It goes with the folder or the cluster of the run. */
export async function createWorkspace(
  conditions: Conditions,
  place: Place,
  settings: Readonly<Record<string, string>> = {},
): Promise<Workspace> {
  const databaseUrl =
    place === 'SQLite'
      ? `file:${join(createFolder(conditions), 'rollcall.db')}`
      : (await createPostgresDatabase((await conditions.cluster()).url)).url
  const workspace = { databaseUrl, secret, settings: { ...ledgerSettings, ...settings } }
  await runCommand(workspace, ['migrate'])
  return workspace
}

/** A new folder of one fault's own. */
export function createFolder({ folder }: Conditions): string {
  return mkdtempSync(join(folder, 'sqlite-'))
}

/** The file of a SQLite database. */
export function fileOf({ databaseUrl }: Workspace): string {
  return databaseUrl.slice('file:'.length)
}

/** The folder of the file of a SQLite database. */
export function folderOf(workspace: Workspace): string {
  return dirname(fileOf(workspace))
}
