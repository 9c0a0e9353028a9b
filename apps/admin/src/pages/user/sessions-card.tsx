import type { Session, User } from '@rollcall/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../client.ts'
import { notify } from '../../notices.ts'
import { queryClient, sessionsQuery } from '../../queries.ts'
import { useMay } from '../../session/me.ts'
import { perform } from '../../session/perform.ts'
import { userText } from '../../text/user.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Instant } from '../../ui/instant.tsx'
import { ErrorNote, ErrorState, Loading } from '../../ui/states.tsx'

const text = userText.sessions

/** Where an account is signed in, and the way to end that. */
export function SessionsCard({ user }: { user: User }) {
  const { me, may, mayTouch } = useMay()
  const [isAsking, setAsking] = useState(false)
  const sessions = useQuery(sessionsQuery(user.id))
  const isOwn = user.id === me.id
  const mayEnd = (isOwn || may('sessions.revoke')) && mayTouch(user)
  const refresh = () => queryClient.invalidateQueries({ queryKey: sessionsQuery(user.id).queryKey })
  const end = useMutation({
    mutationFn: (id: string) => perform(() => client.sessions.delete(id)),
    onSuccess: () => notify(text.ended),
    onSettled: refresh,
  })
  return (
    <section className="card" aria-labelledby="sessions">
      <header>
        <h2 id="sessions">{text.title}</h2>
        {mayEnd && (sessions.data?.length ?? 0) > 0 && (
          <Button isTight look="danger" onClick={() => setAsking(true)}>
            {text.endAll}
          </Button>
        )}
      </header>
      <ErrorNote error={end.error} />
      {sessions.isPending && <Loading />}
      {sessions.isError && <ErrorState error={sessions.error} retry={sessions.refetch} isInline />}
      {sessions.data?.length === 0 && <p className="muted">{text.none}</p>}
      <ul className="stack">
        {sessions.data?.map((session) => (
          <SessionItem
            key={session.id}
            session={session}
            onEnd={mayEnd && !session.current ? () => end.mutate(session.id) : undefined}
          />
        ))}
      </ul>
      {isAsking && (
        <Confirm
          title={text.endAllTitle(user.username)}
          text={text.endAllText}
          button={text.endAll}
          isDanger
          work={() => client.users.endSessions(user.id)}
          onDone={() => {
            setAsking(false)
            notify(text.allEnded)
            return refresh()
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  )
}

function SessionItem(props: { session: Session; onEnd: (() => void) | undefined }) {
  const { session, onEnd } = props
  const device = session.device ?? text.unknownDevice
  return (
    <li className="session">
      <div className="row between">
        <strong title={session.user_agent ?? undefined}>
          <bdi>{device}</bdi>
        </strong>
        {session.current && <span className="badge accent">{text.current}</span>}
        {onEnd && (
          <Button isTight aria-label={text.endOf(device)} onClick={onEnd}>
            {text.end}
          </Button>
        )}
      </div>
      <dl className="facts small">
        <dt>{text.ip}</dt>
        <dd className="mono">{session.ip}</dd>
        <dt>{text.since}</dt>
        <dd>
          <Instant at={session.created_at} />
        </dd>
        <dt>{text.used}</dt>
        <dd>
          <Instant at={session.last_used_at} isAgo />
        </dd>
        <dt>{text.until}</dt>
        <dd>
          <Instant at={session.expires_at} isAgo />
        </dd>
      </dl>
    </li>
  )
}
