import type { Command } from 'commander'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Store } from '../db/store.ts'
import type { AuditService } from '../features/audit/service.ts'
import { type Configure, MisuseError, print, withMigratedStore } from './workspace.ts'

const exportBatch = 1_000

export function registerAuditCommands(program: Command, configure: Configure) {
  const audit = program.command('audit').description('read and verify the audit trail')

  audit
    .command('verify')
    .description('walk the chain of hashes; exits 1 if anything was changed, deleted or cut off')
    .option('--expect <position:hash>', 'a head printed earlier, which must still be in the chain')
    .option('--json', 'print JSON')
    .action(async (options: { expect?: string; json?: boolean }) => {
      const expected = options.expect === undefined ? undefined : readHead(options.expect)
      const { createAuditChain } = await import('../features/audit/chain.ts')
      const { hasKeys } = await import('../features/keys/service.ts')
      const { findSecret } = await import('../secret.ts')
      const config = await configure()
      const report = await withTrail(config, async ({ store, service }) => {
        const secret = findSecret(config, { hasKeys: await hasKeys(store) })
        const chain = createAuditChain({ store, clock: systemClock, audit: service, secret })
        // What was changed is not sealed on: the walk tells of it.
        const refusal = await chain.seal().catch((error: unknown) => error)
        const report = await chain.verify(expected)
        if (refusal instanceof Error && report.isIntact) throw refusal
        return report
      })
      const { position, hash } = report.head
      const text = report.isIntact
        ? `${report.events} events, intact.\nHead ${position}:${hash}: keep it elsewhere and give it to --expect.`
        : report.findings.join('\n')
      print(options, report, text)
      if (!report.isIntact) throw new Error('The audit trail is not intact.')
    })

  audit
    .command('export')
    .description('print every event, oldest first, one JSON object to a line')
    .option('--after <instant>', 'only events at this instant or later')
    .option('--before <instant>', 'only events at this instant or earlier')
    .action(async (options: { after?: string; before?: string }) =>
      withTrail(await configure(), async ({ service }) => {
        for (let id = ''; ; ) {
          const from = { id: id || firstId, direction: 'newer' } as const
          const events = await service.list({ filter: options, from, limit: exportBatch })
          for (const event of events) process.stdout.write(`${JSON.stringify(event)}\n`)
          id = events.at(-1)?.id ?? ''
          if (events.length <= exportBatch) return
        }
      }),
    )
}

/** Below every UUIDv7. */
const firstId = '00000000-0000-0000-0000-000000000000'

interface Trail {
  readonly store: Store
  readonly service: AuditService
}

async function withTrail<T>(config: Config, work: (trail: Trail) => Promise<T>): Promise<T> {
  const { createAuditService } = await import('../features/audit/service.ts')
  return withMigratedStore(config, (store) =>
    work({ store, service: createAuditService({ store, clock: systemClock }) }),
  )
}

function readHead(text: string) {
  const [position, hash] = text.split(':')
  if (!position || !/^\d+$/.test(position) || !hash) {
    throw new MisuseError(
      '--expect takes a head as `rollcall audit verify` prints it: position:hash.',
    )
  }
  return { position: Number(position), hash }
}
