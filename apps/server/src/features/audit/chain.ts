import type { AuditChain as AuditChainState } from '@rollcall/contract'
import { addSeconds, type Clock, toInstant } from '../../clock.ts'
import { deriveKey, equalBytes, hmac } from '../../crypto.ts'
import type { Queries, Store } from '../../db/store.ts'
import type { AuditEventRow } from '../../db/tables.ts'
import { type ChainRow, createChainRepository, type SealedEvent } from './chain-repository.ts'
import { createDailyCounts } from './daily-counts.ts'
import { operator } from './origin.ts'
import type { AuditService } from './service.ts'

/** What is wrong with the trail, in words for the operator. */
export interface ChainReport {
  readonly isIntact: boolean
  readonly findings: readonly string[]
  /** The end of the chain; kept elsewhere, it shows whether the chain was set back. */
  readonly head: { readonly position: number; readonly hash: string }
  readonly events: number
  /** Written a moment ago, and sealed within the next seconds. */
  readonly unsealed: number
}

const batch = 500
const daySeconds = 86_400

export type AuditChain = ReturnType<typeof createAuditChain>

/**
 * Seals the events in the order of a chain, each hash over the one before and
 * the event, keyed by the server's secret. Writers of events only leave a note
 * that theirs is unsealed; one sealer at a time chains what has been committed,
 * so that nobody who signs in waits for anybody else.
 */
export function createAuditChain(dependencies: {
  store: Store
  clock: Clock
  audit: AuditService
  secret: string
}) {
  const { store, clock, audit } = dependencies
  const counts = createDailyCounts({ store, clock })
  const repository = createChainRepository(store.tables)
  const key = deriveKey(dependencies.secret, 'audit-chain')

  const macOf = (value: unknown) => hmac(key, JSON.stringify(value)).toString('hex')

  return {
    /** Seals what is unsealed; answers how many events that were. */
    async seal(): Promise<number> {
      // So that many servers, each of which asks every second, do not all write for nothing.
      if (!(await repository.isBehind(store.read))) return 0
      for (let total = 0; ; ) {
        const sealed = await store.write(async (tx) => {
          const chain = await lockSigned(tx)
          const events = await repository.unsealed(tx, batch)
          if (events.length === 0) return signFirst(tx, chain)
          const seals = sealAll(chain, events)
          await repository.seal(tx, seals)
          // Each event passes here once, in the transaction that seals it.
          await counts.add(tx, events)
          const last = seals.at(-1)
          const endPosition = last?.position ?? chain.endPosition
          await repository.save(tx, signed({ ...chain, endPosition, endHash: last?.hash ?? '' }))
          return seals.length
        })
        total += sealed
        if (sealed < batch) return total
      }
    },

    /** Where the chain stands, by a few rows of it. */
    async state(): Promise<AuditChainState> {
      const chain = await repository.find(store.read)
      const { startPosition, endPosition, endHash } = chain ?? emptyChain
      const [newest] = await repository.after(store.read, endPosition - 1, 1)
      return {
        sealed: endPosition - startPosition,
        position: endPosition,
        hash: endHash,
        newest_at: newest?.event?.at ?? null,
        unsealed: await repository.countUnsealed(store.read),
        is_signed: chain !== undefined && isSigned(chain),
      }
    },

    /** Walks the chain from end to end; `expected` is a head that an earlier walk has answered. */
    async verify(expected?: { position: number; hash: string }): Promise<ChainReport> {
      const events = await tally(repository.coverage)
      const notes = await tally(repository.notes)
      const start = await repository.find(store.read)
      if (!start || start.signature === '') return report(['The chain was never signed.'])
      const findings = []
      let { startHash: hash, startPosition: position } = start
      let isExpectedSeen = expected === undefined || expected.position < start.startPosition
      let chain = start
      for (;;) {
        const seals = await repository.after(store.read, position, batch)
        findings.push(...problemsOfAll(seals, position, hash))
        for (const seal of seals) {
          ;({ position, hash } = seal)
          if (position === expected?.position && hash === expected.hash) isExpectedSeen = true
        }
        if (seals.length > 0) continue
        // Read behind the last seal: a sealer that goes on meanwhile has signed as far at least.
        chain = (await repository.find(store.read)) ?? chain
        const isOver = (await repository.after(store.read, position, 1)).length === 0
        if (isOver || chain.endPosition <= position) break
      }
      if (!isSigned(chain)) findings.push('The ends of the chain are not signed by this server.')
      if (position < chain.endPosition)
        findings.push(`Events after position ${position} are cut off.`)
      else if (hash !== chain.endHash)
        findings.push('The chain does not end where it is signed to.')
      if (!isExpectedSeen) findings.push('The expected head is not in the chain: it was set back.')
      if (events.uncovered > 0)
        findings.push(`${events.uncovered} events were put in beside the chain.`)
      if (notes.uncovered > 0)
        findings.push(`${notes.uncovered} events were deleted before they were sealed.`)
      return report(findings, chain)

      function report(found: string[], { endPosition, endHash } = emptyEnd): ChainReport {
        return {
          isIntact: found.length === 0,
          findings: found,
          head: { position: endPosition, hash: endHash },
          events: events.all,
          unsealed: notes.all,
        }
      }
    },

    /** Deletes events older than so many days, from the beginning of the chain; answers how many. */
    async prune(retentionDays: number): Promise<number> {
      const before = toInstant(addSeconds(clock.now(), -retentionDays * daySeconds))
      for (let total = 0; ; ) {
        const deleted = await store.write(async (tx) => {
          const chain = await lockSigned(tx)
          const seals = await repository.after(tx, chain.startPosition, batch)
          const kept = seals.findIndex(({ event }) => event === null || event.at >= before)
          const old = kept === -1 ? seals : seals.slice(0, kept)
          const last = old.at(-1)
          if (!last) return 0
          // What was changed is kept: an event could be made older than it is.
          const [problem] = problemsOfAll(old, chain.startPosition, chain.startHash)
          if (problem) throw new Error(`The audit trail is not pruned. ${problem}`)
          const start = { startPosition: last.position, startHash: last.hash }
          await repository.save(tx, signed({ ...chain, ...start, deletableBefore: before }))
          await repository.deleteUpTo(
            tx,
            last.position,
            old.map(({ eventId }) => eventId),
          )
          const details = { before, count: old.length }
          await audit.record(tx, { action: 'audit.pruned', by: operator, details })
          return old.length
        })
        total += deleted
        if (deleted < batch) return total
      }
    },
  }

  /** Goes through all rows, so that no statement takes long; answers how many there are. */
  async function tally(list: typeof repository.coverage) {
    const counts = { all: 0, uncovered: 0 }
    for (let after: string | undefined; ; ) {
      const { ids, uncovered } = await list(store.read, after, batch)
      counts.all += ids.length
      counts.uncovered += uncovered.length
      after = ids.at(-1)
      if (ids.length < batch) return counts
    }
  }

  /** The chain; ends that somebody else has set are never signed, which would hide it. */
  async function lockSigned(tx: Queries): Promise<ChainRow> {
    const chain = await repository.lock(tx)
    if (isSigned(chain) || isNew(chain)) return chain
    throw new Error(
      'The ends of the audit chain are not signed by this server: it is not sealed on.',
    )
  }

  /** An empty chain is signed too, so that a later one cannot be passed off as new. */
  async function signFirst(tx: Queries, chain: ChainRow) {
    if (chain.signature === '') await repository.save(tx, signed(chain))
    return 0
  }

  function sealAll(chain: ChainRow, events: readonly AuditEventRow[]) {
    let { endHash: hash, endPosition: position } = chain
    return events.map((event) => {
      hash = hashOf(hash, event)
      position += 1
      return { position, eventId: event.id, hash }
    })
  }

  function hashOf(previous: string, event: AuditEventRow): string {
    const { id, at, action, actorId, actorSessionId, targetType, targetId } = event
    const { ip, userAgent, requestId, details } = event
    const what = [id, at, action, actorId, actorSessionId, targetType, targetId]
    return macOf([previous, ...what, ip, userAgent, requestId, details])
  }

  function problemsOfAll(seals: readonly SealedEvent[], afterPosition: number, afterHash: string) {
    let [position, hash] = [afterPosition, afterHash]
    return seals.flatMap((seal) => {
      const problems = problemsOf(seal, position, hash)
      ;({ position, hash } = seal)
      return problems
    })
  }

  function problemsOf(seal: SealedEvent, previousPosition: number, previous: string): string[] {
    const { position, eventId, event, hash } = seal
    if (position !== previousPosition + 1) {
      return [`Events ${previousPosition + 1} to ${position - 1} are missing.`]
    }
    if (!event) return [`Event ${eventId} at position ${position} was deleted.`]
    if (hashOf(previous, event) === hash) return []
    return [`Event ${eventId} at position ${position}, or its seal, was changed.`]
  }

  function signatureOf(chain: ChainRow): string {
    const { startPosition, startHash, endPosition, endHash, deletableBefore } = chain
    return macOf(['ends', startPosition, startHash, endPosition, endHash, deletableBefore])
  }

  function signed(chain: ChainRow): ChainRow {
    return { ...chain, signature: signatureOf(chain) }
  }

  function isSigned(chain: ChainRow): boolean {
    return equalBytes(Buffer.from(chain.signature), Buffer.from(signatureOf(chain)))
  }
}

/** As the migration has made it. */
function isNew(chain: ChainRow): boolean {
  const texts = [chain.signature, chain.startHash, chain.endHash]
  const positions = [chain.startPosition, chain.endPosition]
  return texts.every((text) => text === '') && positions.every((position) => position === 0)
}

const emptyEnd = { endPosition: 0, endHash: '' }
const emptyChain = { startPosition: 0, ...emptyEnd }
