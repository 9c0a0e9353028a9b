import { existsSync, rmSync } from 'node:fs'
import { type Clock, toInstant } from '../../clock.ts'
import type { Config } from '../../config.ts'
import {
  type CopyReport,
  copySqlite,
  draftBeside,
  inspectCopy,
  isInUse,
  isSameFile,
  moveAside,
  publish,
} from '../../db/backup.ts'
import { openStore, type Store } from '../../db/store.ts'
import { peekSecret } from '../../secret.ts'
import { operator } from '../audit/origin.ts'
import { createAuditService } from '../audit/service.ts'
import { createKeysService } from '../keys/service.ts'
import { createOneTimeTokensService } from '../one-time-tokens/service.ts'
import { createRolesService } from '../roles/service.ts'
import { createSessionsService } from '../sessions/service.ts'

/** What a restore has done. */
export interface Restored {
  readonly report: CopyReport
  /** Sessions of the backup that were ended. */
  readonly endedSessions: number
  /** Where the database is that was there before. */
  readonly previous: string | undefined
}

/** Copies the database to a file that appears only when it is whole and checked. */
export async function backUp(path: string, to: string, { force = false }): Promise<CopyReport> {
  refuseTarget(path, to)
  if (!force && existsSync(to)) {
    throw new Error(`There is a file ${to} already. Give another name, or --force.`)
  }
  const draft = draftBeside(to)
  const report = await copySqlite(path, draft)
  publish(draft, to, { overwrite: force })
  return report
}

/** A backup never takes the place of a database. */
function refuseTarget(path: string, to: string) {
  if (!isSameFile(path, to) && !existsSync(`${to}-wal`)) return
  throw new Error(`${to} is a database in use, and no place for a backup. Give another name.`)
}

/**
 * Puts a backup in place of the database, which is kept under another name. Sessions and links of
 * the backup end: some may have been ended since it was made, and nobody knows which.
 */
export async function restore(
  from: string,
  config: Config & { readonly path: string },
  options: { clock: Clock; force: boolean; keepSessions: boolean },
): Promise<Restored> {
  const { path } = config
  const report = await inspectCopy(from)
  const isThere = refusePlace(from, path, options.force)
  const draft = draftBeside(path)
  await copySqlite(from, draft)
  try {
    const endedSessions = await renew(draft, config, options)
    const at = toInstant(options.clock.now()).replace(/[-:.]/g, '')
    const previous = `${path}.before-${at}`
    moveAside(path, previous)
    publish(draft, path, { overwrite: false })
    return { report, endedSessions, previous: isThere ? previous : undefined }
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** Whether there is a database where the backup is to be put; refuses one that must stay. */
function refusePlace(from: string, path: string, force: boolean): boolean {
  if (isSameFile(from, path)) throw new Error(`${from} is the database itself.`)
  if (!existsSync(path)) return false
  if (isInUse(path)) {
    throw new Error(`The database ${path} is in use. Stop the server, and restore then.`)
  }
  if (force) return true
  throw new Error(
    `There is a database ${path} already. Give --force to put the backup in its place; it is kept under another name.`,
  )
}

/** Makes a database of today out of the copy. */
async function renew(
  draft: string,
  config: Config,
  { clock, keepSessions }: { clock: Clock; keepSessions: boolean },
): Promise<number> {
  const store = await openStore(`file:${draft}`)
  try {
    await store.migrate(() => toInstant(clock.now()))
    await refuseForeignSecret(store, config, clock)
    const audit = createAuditService({ store, clock })
    const roles = createRolesService({ store, clock, audit })
    const sessions = createSessionsService({ store, clock, settings: config, roles, audit })
    const oneTimeTokens = createOneTimeTokensService({ store, clock, ...config })
    return await store.write(async (tx) => {
      const ended = keepSessions ? 0 : await sessions.endAll(tx)
      if (!keepSessions) await oneTimeTokens.endAll(tx)
      const details = { sessions_ended: ended }
      await audit.record(tx, { action: 'database.restored', by: operator, details })
      return ended
    })
  } finally {
    await store.close()
  }
}

/** With another secret the server would not start on it. */
async function refuseForeignSecret(store: Store, config: Config, clock: Clock) {
  const secret = peekSecret(config)
  if (secret === undefined) return
  const audit = createAuditService({ store, clock })
  const keys = createKeysService({ store, clock, audit, ...config, secret })
  if ((await keys.list()).length > 0) await keys.open()
}
