import type { AuditEvent } from '@rollcall/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { client } from '../../client.ts'
import { Difference } from '../../history/difference.tsx'
import { Actor, wordsOf } from '../../history/event-words.tsx'
import { perform } from '../../session/perform.ts'
import { userText } from '../../text/user.ts'
import { Button } from '../../ui/button.tsx'
import { Instant } from '../../ui/instant.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { cursorOf } from '../users/list.ts'

const text = userText.activity

/** What was done to an account and by it. */
export function Activity({ id }: { id: string }) {
  const history = useInfiniteQuery({
    queryKey: ['user', id, 'activity'],
    queryFn: ({ pageParam }) =>
      perform(() => client.users.audit(id, { limit: 20, cursor: pageParam })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => (next === null ? undefined : cursorOf(next)),
  })
  const events = history.data?.pages.flatMap(({ results }) => results) ?? []
  return (
    <section className="card" aria-labelledby="activity">
      <header>
        <h2 id="activity">{text.title}</h2>
        <p>{text.lead}</p>
      </header>
      {history.isPending && <Loading lines={6} />}
      {history.isError && <ErrorState error={history.error} retry={history.refetch} isInline />}
      {history.isSuccess && events.length === 0 && <p className="muted">{text.none}</p>}
      <ol className="events">
        {events.map((event) => (
          <li key={event.id}>
            <Event event={event} about={id} />
          </li>
        ))}
      </ol>
      {history.hasNextPage && (
        <Button isBusy={history.isFetchingNextPage} onClick={() => history.fetchNextPage()}>
          {text.more}
        </Button>
      )}
    </section>
  )
}

function Event({ event, about }: { event: AuditEvent; about: string }) {
  const hasDetails = Object.keys(event.details).length > 0
  const head = (
    <>
      <span className="what">{wordsOf(event)}</span>
      <span className="muted small">
        <Instant at={event.at} isPrecise />
        {event.ip && <span className="mono"> · {event.ip}</span>}
      </span>
    </>
  )
  return (
    <>
      {hasDetails ? (
        <details>
          <summary>{head}</summary>
          <Difference details={event.details} />
        </details>
      ) : (
        <div className="plain-event">{head}</div>
      )}
      {event.actor_id !== about && (
        <p className="small muted by">
          {text.by} <Actor event={event} />
        </p>
      )}
    </>
  )
}
