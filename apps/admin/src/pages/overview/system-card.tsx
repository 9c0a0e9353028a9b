import type { Finding, SystemState } from '@rollcall/sdk'
import { useQuery } from '@tanstack/react-query'
import { client } from '../../client.ts'
import { formatList, formatNumber } from '../../format.ts'
import { perform } from '../../session/perform.ts'
import { overviewText as text } from '../../text/overview.ts'
import { Instant } from '../../ui/instant.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'

const refreshMs = 15_000

/** How the server is: versions, database, keys, and what the examination found. */
export function SystemCard() {
  const system = useQuery({
    queryKey: ['system'],
    queryFn: () => perform(() => client.system()),
    refetchInterval: refreshMs,
  })
  return (
    <section className="card" aria-labelledby="system">
      <header>
        <h2 id="system">{text.system}</h2>
        {system.data && <Verdict findings={system.data.findings} />}
      </header>
      {system.isPending && <Loading lines={6} />}
      {system.isError && <ErrorState error={system.error} retry={system.refetch} isInline />}
      {system.data && <State state={system.data} />}
    </section>
  )
}

function Verdict({ findings }: { findings: readonly Finding[] }) {
  const count = findings.filter(({ kind }) => kind === 'finding').length
  return count === 0 ? (
    <span className="badge good">{text.wellTitle}</span>
  ) : (
    <span className="badge warn">{text.findings(count)}</span>
  )
}

function State({ state }: { state: SystemState }) {
  const { database, pending_migrations: pending, audit, findings } = state
  const startedAt = new Date(Date.now() - state.uptime_seconds * 1_000).toISOString()
  return (
    <div className="stack">
      <dl className="facts">
        <dt>{text.version}</dt>
        <dd>Rollcall {state.version}</dd>
        <dt>{text.database}</dt>
        <dd>
          {database.name} {database.version}
        </dd>
        <dt>{text.migrations}</dt>
        <dd>{pending.length === 0 ? text.upToDate : text.pending(formatList(pending))}</dd>
        <dt>{text.keys}</dt>
        <dd>{formatNumber(state.keys_in_force)}</dd>
        <dt>{text.audit}</dt>
        <dd>{audit.is_signed ? text.signed : text.notSigned}</dd>
        <dt>{text.node}</dt>
        <dd>{state.node_version}</dd>
        <dt>{text.uptime}</dt>
        <dd>
          <Instant at={startedAt} />
        </dd>
      </dl>
      {findings.map((finding) => (
        <div key={finding.check} className={finding.kind === 'note' ? 'alert plain' : 'alert warn'}>
          <strong>{finding.what}</strong>
          <span>{finding.why}</span>
          <span>
            <span className="muted">{text.remedy}:</span> {finding.remedy}
          </span>
        </div>
      ))}
    </div>
  )
}
