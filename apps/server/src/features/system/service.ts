import type { SystemState } from '@rollcall/contract'
import { addSeconds, type Clock, toInstant } from '../../clock.ts'
import type { Config } from '../../config.ts'
import type { Store } from '../../db/store.ts'
import type { AuditChain } from '../audit/chain.ts'
import { type DatabaseExamination, examineDatabase } from '../doctor/database.ts'
import { examineSettings } from '../doctor/settings.ts'
import type { KeysService } from '../keys/service.ts'

/** What was found is told again for so long. */
const freshSeconds = 60

export type SystemService = ReturnType<typeof createSystemService>

/** Tells how the system is: cheaply, since panels ask every few seconds. */
export function createSystemService(dependencies: {
  store: Store
  clock: Clock
  keys: KeysService
  chain: AuditChain
  config: Config & { secret: string }
  version: string
}) {
  const { store, clock, keys, chain, config, version } = dependencies
  const ofSettings = examineSettings(config, config.secret)
  let latest: { examination: Promise<DatabaseExamination>; examinedAt: Date } | undefined

  /** Once for everybody who asks. */
  function examine() {
    const now = clock.now()
    if (latest && now < addSeconds(latest.examinedAt, freshSeconds)) return latest
    const examination = examineDatabase(store, clock, keys, config, 'server')
    examination.catch(() => {
      latest = undefined
    })
    latest = { examination, examinedAt: now }
    return latest
  }

  return {
    async state(): Promise<SystemState> {
      const { examination, examinedAt } = examine()
      const { inspection, findings } = await examination
      return {
        version,
        node_version: process.versions.node,
        uptime_seconds: Math.floor(process.uptime()),
        database: { name: inspection.name, version: inspection.version.join('.') },
        // One that a newer version has migrated lacks nothing.
        pending_migrations: await store.pendingMigrations().catch(() => []),
        keys_in_force: (await keys.listInForce()).length,
        audit: await chain.state(),
        findings: [...ofSettings, ...findings],
        examined_at: toInstant(examinedAt),
      }
    },
  }
}
