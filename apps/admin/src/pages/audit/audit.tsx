import type { AuditEvent } from '@rollcall/sdk'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { Actor, Target, wordsOf } from '../../history/event-words.tsx'
import { useMay } from '../../session/me.ts'
import { auditText as text } from '../../text/audit.ts'
import { Button } from '../../ui/button.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty, ErrorState, Forbidden, Loading } from '../../ui/states.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { ChainState } from './chain-state.tsx'
import { EventDialog } from './event-dialog.tsx'
import { toQuery, useEvents, useTail } from './events.ts'

const route = getRouteApi('/audit')

export function AuditPage() {
  const { may } = useMay()
  if (!may('audit.view')) return <Forbidden permission="audit.view" />
  return (
    <Page title={text.title} lead={text.lead} actions={<ChainState />}>
      <Trail />
    </Page>
  )
}

function Trail() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/audit' })
  const [isLive, setLive] = useState(true)
  const [opened, setOpened] = useState<AuditEvent>()
  const query = useMemo(() => toQuery(search), [search])
  const list = useEvents(query)
  const pages = list.data?.pages ?? []
  const fresh = useTail(query, pages[0], isLive)
  const known = new Set(fresh.map(({ id }) => id))
  const events = [...fresh, ...pages.flatMap(({ results }) => results)]
  return (
    <>
      <AuditFilters
        key={JSON.stringify(search)}
        search={search}
        onChange={(next) => navigate({ search: next })}
      />
      <label className="check spaced">
        <input type="checkbox" checked={isLive} onChange={() => setLive(!isLive)} />
        <span>
          {text.live} <span className="muted small">{text.liveHint}</span>
        </span>
      </label>
      {list.isPending ? (
        <Loading lines={10} />
      ) : list.isError && events.length === 0 ? (
        <ErrorState error={list.error} retry={list.refetch} />
      ) : events.length === 0 ? (
        <Empty title={text.none}>
          <p>{text.noneText}</p>
        </Empty>
      ) : (
        <Events events={events} fresh={known} onOpen={setOpened} />
      )}
      {list.isError && events.length > 0 && (
        <ErrorState error={list.error} retry={list.fetchNextPage} isInline />
      )}
      {events.length > 0 && (
        <p className="pager">
          {list.hasNextPage ? (
            <Button isBusy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
              {text.older}
            </Button>
          ) : (
            text.end
          )}
        </p>
      )}
      {opened && <EventDialog event={opened} onClose={() => setOpened(undefined)} />}
    </>
  )
}

function Events(props: {
  events: readonly AuditEvent[]
  fresh: ReadonlySet<string>
  onOpen: (event: AuditEvent) => void
}) {
  const { events, fresh, onOpen } = props
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className="table-box" aria-label={text.table} tabIndex={0}>
      <table className="table">
        <caption>{text.table}</caption>
        <thead>
          <tr>
            <th scope="col">{text.columns.at}</th>
            <th scope="col">{text.columns.what}</th>
            <th scope="col">{text.columns.by}</th>
            <th scope="col">{text.columns.on}</th>
            <th scope="col">{text.columns.from}</th>
            <th scope="col">
              <span className="visually-hidden">{text.columns.more}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id} data-fresh={fresh.has(event.id) || undefined}>
              <td className="nowrap">
                <Instant at={event.at} isPrecise />
              </td>
              <th scope="row">
                {wordsOf(event)}
                <code className="muted action">{event.action}</code>
              </th>
              <td>
                <Actor event={event} />
              </td>
              <td>
                <Target event={event} />
              </td>
              <td className="mono nowrap">{event.ip}</td>
              <td className="narrow">
                <Button
                  isTight
                  aria-label={text.detailsOf(wordsOf(event))}
                  onClick={() => onOpen(event)}
                >
                  {text.details}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
