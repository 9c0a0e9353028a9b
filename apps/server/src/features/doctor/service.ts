import { existsSync } from 'node:fs'
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config.ts'
import { openStore } from '../../db/store.ts'
import { peekSecret, secretFileOf } from '../../secret.ts'
import { createAuditService } from '../audit/service.ts'
import { createKeysService } from '../keys/service.ts'
import { examineDatabase } from './database.ts'
import { examineFiles, holdsSecret } from './files.ts'
import { type Finding, finding } from './finding.ts'
import { examineSettings } from './settings.ts'

/** Looks at everything that an operator can get wrong; changes nothing. */
export async function examine(config: Config, clock: Clock): Promise<Finding[]> {
  const secret = peekSecret(config)
  return [
    ...examineSettings(config, secret),
    // Before the database is opened: that narrows the mode of its file.
    ...examineFiles(filesOf(config)),
    ...(await examineStore(config, clock, secret)),
    ...(await examineReplica(config)),
  ]
}

async function examineReplica({ databaseReadUrl }: Config): Promise<Finding[]> {
  if (!databaseReadUrl) return []
  const replica = await openStore(databaseReadUrl)
  try {
    await replica.check()
    return []
  } catch (error) {
    return [
      finding(
        'replica',
        `The replica does not answer: ${error instanceof Error ? error.message : String(error)}`,
        'Lists, searches and the audit trail are read from the primary, which has to bear them too.',
        'See ROLLCALL_DATABASE_READ_URL, and that the replica runs.',
      ),
    ]
  } finally {
    await replica.close()
  }
}

function filesOf(config: Config): string[] {
  const database = sqliteFileOf(config)
  return [
    ...(database ? [database, `${database}-wal`, `${database}-shm`] : []),
    ...(config.secret ? [] : [secretFileOf(config.databaseUrl)]),
    ...(holdsSecret('.env') ? ['.env'] : []),
  ]
}

function sqliteFileOf({ databaseUrl }: Config): string | undefined {
  return databaseUrl.startsWith('file:') ? databaseUrl.slice('file:'.length) : undefined
}

async function examineStore(config: Config, clock: Clock, secret: string | undefined) {
  const file = sqliteFileOf(config)
  // Opening would make it.
  if (file && !existsSync(file)) return [unreachable(`There is no file ${file}.`)]
  const store = await openStore(config.databaseUrl)
  try {
    const audit = createAuditService({ store, clock })
    const keys = secret ? createKeysService({ store, clock, audit, ...config, secret }) : undefined
    return (await examineDatabase(store, clock, keys, config)).findings
  } catch (error) {
    return [unreachable(error instanceof Error ? error.message : String(error))]
  } finally {
    await store.close()
  }
}

function unreachable(what: string): Finding {
  return finding(
    'database',
    what,
    'The server cannot work without its database.',
    'See ROLLCALL_DATABASE_URL, and that the database runs; the first start makes the file of SQLite.',
  )
}
