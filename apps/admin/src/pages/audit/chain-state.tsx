import { useQuery } from '@tanstack/react-query'
import { client } from '../../client.ts'
import { formatNumber } from '../../format.ts'
import { perform } from '../../session/perform.ts'
import { auditText } from '../../text/audit.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Instant } from '../../ui/instant.tsx'

const text = auditText.chain
const chainMs = 10_000

/** Whether the trail is sealed and signed. */
export function ChainState() {
  const { data: chain } = useQuery({
    queryKey: ['audit', 'chain'],
    queryFn: () => perform(() => client.audit.chain()),
    refetchInterval: chainMs,
  })
  if (!chain) return null
  const state = chain.is_signed ? text.whole : text.broken
  return (
    <details className="chain">
      <summary className="button">
        <span className={chain.is_signed ? 'badge good' : 'badge danger'}>{state}</span>
        {text.sealed(formatNumber(chain.sealed))}
      </summary>
      <div className="panel stack">
        <dl className="facts">
          <dt>{text.newest}</dt>
          <dd>
            <Instant at={chain.newest_at} isPrecise />
          </dd>
          <dt>{text.hash}</dt>
          <dd>
            <code>{chain.hash}</code>
          </dd>
        </dl>
        <p className="small muted">{text.hashHint}</p>
        {chain.unsealed > 0 && (
          <p className="small">{text.waiting(formatNumber(chain.unsealed))}</p>
        )}
        <CopyButton value={`${chain.position} ${chain.hash}`} what={text.copy} />
      </div>
    </details>
  )
}
