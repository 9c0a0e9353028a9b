import { existsSync } from 'node:fs'
import { type Clock, toInstant } from '../../clock.ts'
import { isInUse } from '../../db/backup.ts'
import { type CopiedTable, copyDatabase, type OnProgress } from '../../db/copy.ts'
import { openStore, type Store, type StoreOptions } from '../../db/store.ts'
import { createAuditChain } from '../audit/chain.ts'
import { createAuditService } from '../audit/service.ts'

export interface Move {
  readonly from: string
  readonly to: string
  readonly clock: Clock
  /** Of the source, where it is known. */
  readonly secret: string | undefined
  readonly onProgress: OnProgress
}

/** Moves everything to an empty database, and proves that it is the same there. */
export async function moveDatabase(move: Move): Promise<CopiedTable[]> {
  const { from, to, clock, onProgress } = move
  if (from === to) throw new Error('The source and the target are one database.')
  return withQuietStore(from, {}, (source) =>
    withQuietStore(to, { isNew: true }, async (target) => {
      const now = () => toInstant(clock.now())
      const copied = await copyDatabase(source, target, { now, onProgress })
      await refuseBrokenTrail(target, move)
      return copied
    }),
  )
}

/** Opens a database that no server has open. */
async function withQuietStore<T>(
  url: string,
  options: StoreOptions,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const path = url.startsWith('file:') ? url.slice('file:'.length) : undefined
  if (!options.isNew && path && !existsSync(path)) throw new Error(`There is no database ${path}.`)
  if (path && existsSync(path) && isInUse(path)) throw inUse(path)
  const store = await openStore(url, options)
  try {
    if (!path && (await store.inspect()).processes > 1) throw inUse(new URL(url).pathname)
    return await work(store)
  } finally {
    await store.close()
  }
}

function inUse(name: string): Error {
  return new Error(`The database ${name} is in use. Stop the servers, and copy then.`)
}

async function refuseBrokenTrail(store: Store, { clock, secret }: Move) {
  if (secret === undefined) return
  const audit = createAuditService({ store, clock })
  const report = await createAuditChain({ store, clock, audit, secret }).verify()
  if (report.isIntact) return
  throw new Error(
    `Everything is copied, but the audit trail is not intact: ${report.findings.join(' ')}`,
  )
}
