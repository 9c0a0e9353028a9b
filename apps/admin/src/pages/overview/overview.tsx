import type { UserCounts } from '@rollcall/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { client } from '../../client.ts'
import { formatNumber } from '../../format.ts'
import { Actor, Target, wordsOf } from '../../history/event-words.tsx'
import { useMay } from '../../session/me.ts'
import { perform } from '../../session/perform.ts'
import { overviewText as text } from '../../text/overview.ts'
import { Instant } from '../../ui/instant.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty, ErrorState, Loading } from '../../ui/states.tsx'
import { Chart } from './chart.tsx'
import { SystemCard } from './system-card.tsx'

const refreshMs = 30_000

/** How it goes, as far as the person may see it. */
export function OverviewPage() {
  const { me, may } = useMay()
  const seesUsers = may('users.view')
  const seesAudit = may('audit.view')
  const seesSystem = may('system.view')
  return (
    <Page title={text.title}>
      {seesUsers && <Numbers />}
      {(seesAudit || seesSystem) && (
        <div className="columns">
          <div>{seesAudit && <RecentEvents />}</div>
          <div>{seesSystem && <SystemCard />}</div>
        </div>
      )}
      {!seesUsers && !seesAudit && !seesSystem && (
        <Empty title={text.nothing}>
          <p>
            {text.hello(me.username)} {text.nothingText}
          </p>
        </Empty>
      )}
    </Page>
  )
}

function Numbers() {
  const overview = useQuery({
    queryKey: ['overview'],
    queryFn: () => perform(() => client.overview()),
    refetchInterval: refreshMs,
  })
  if (overview.isPending) return <Loading lines={8} />
  if (overview.isError) return <ErrorState error={overview.error} retry={overview.refetch} />
  const { users, joined, sign_ins: signIns, sign_in_failures: failures } = overview.data
  return (
    <>
      <Counts users={users} />
      <div className="charts">
        <Chart
          title={text.joined}
          series={[{ name: text.legend.joined, look: 'one', days: joined }]}
        />
        <Chart
          title={text.signIns}
          series={[
            { name: text.legend.signIns, look: 'one', days: signIns },
            { name: text.legend.failures, look: 'two', days: failures },
          ]}
        />
      </div>
    </>
  )
}

function Counts({ users }: { users: UserCounts }) {
  const tiles = [
    { name: text.total, count: users.total, search: {} },
    { name: text.active, count: users.active, search: { is_active: 'true' } },
    { name: text.staff, count: users.staff, search: { is_staff: 'true' } },
    { name: text.superusers, count: users.superusers, search: { is_superuser: 'true' } },
  ]
  return (
    <ul className="tiles" aria-label={text.numbers}>
      {tiles.map(({ name, count, search }) => (
        <li key={name}>
          <Link to="/users" search={search} className="card tile">
            <span className="muted small">{name}</span>
            <strong className="number">{formatNumber(count)}</strong>
          </Link>
        </li>
      ))}
    </ul>
  )
}

function RecentEvents() {
  const events = useQuery({
    queryKey: ['audit', 'recent'],
    queryFn: () => perform(() => client.audit.list({ limit: 10 })),
    refetchInterval: refreshMs,
  })
  return (
    <section className="card" aria-labelledby="recent">
      <header>
        <h2 id="recent">{text.recent}</h2>
        <Link to="/audit">{text.allEvents}</Link>
      </header>
      {events.isPending && <Loading lines={6} />}
      {events.isError && <ErrorState error={events.error} retry={events.refetch} isInline />}
      <ol className="events">
        {events.data?.results.map((event) => (
          <li key={event.id} className="plain-event">
            <span className="what">{wordsOf(event)}</span>
            <span className="muted small">
              <Instant at={event.at} isAgo /> · <Actor event={event} />
              {event.target_id && event.target_id !== event.actor_id && (
                <>
                  {' → '}
                  <Target event={event} />
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
