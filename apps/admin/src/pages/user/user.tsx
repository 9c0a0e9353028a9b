import { isApiError } from '@rollcall/sdk'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { userQuery } from '../../queries.ts'
import { useMay } from '../../session/me.ts'
import { userText as text } from '../../text/user.ts'
import { usersText } from '../../text/users.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty, ErrorState, Forbidden, Loading } from '../../ui/states.tsx'
import { UserMarks } from '../../ui/user-marks.tsx'
import { Activity } from './activity.tsx'
import { Profile, type Version } from './profile.tsx'
import { RolesCard } from './roles-card.tsx'
import { SessionsCard } from './sessions-card.tsx'
import { UserActions } from './user-actions.tsx'

const route = getRouteApi('/users/$id')
const parent = { to: '/users', title: usersText.title }

export function UserPage() {
  const { id } = route.useParams()
  const { me, may } = useMay()
  const user = useQuery({ ...userQuery(id), retry: false })
  if (!may('users.view') && id !== me.id) return <Forbidden permission="users.view" />
  if (user.data) return <Account key={id} version={user.data} />
  return (
    <Page title={text.fallbackTitle} parent={parent}>
      {isApiError(user.error, 'not_found') ? (
        <Empty title={text.notFound}>
          <p>{text.notFoundText}</p>
          <Link to="/users" className="button">
            {text.back}
          </Link>
        </Empty>
      ) : user.isError ? (
        <ErrorState error={user.error} retry={user.refetch} />
      ) : (
        <Loading lines={8} />
      )}
    </Page>
  )
}

function Account({ version }: { version: Version }) {
  const { user } = version
  const { me, may, mayTouch } = useMay()
  const isOwn = user.id === me.id
  const isReadOnly = !((isOwn || may('users.update')) && mayTouch(user))
  return (
    <Page
      title={user.username}
      parent={parent}
      heading={
        <span className="row user-title">
          <bdi>{user.username}</bdi>
          <UserMarks user={user} />
          {isOwn && <span className="badge">{text.you}</span>}
        </span>
      }
      actions={<UserActions version={version} />}
    >
      {!mayTouch(user) && <p className="alert plain spaced">{text.stronger}</p>}
      <div className="columns">
        <div>
          <Profile version={version} isReadOnly={isReadOnly} />
          {may('audit.view') && <Activity id={user.id} />}
        </div>
        <div>
          <Facts version={version} />
          <RolesCard version={version} />
          {(isOwn || may('sessions.view')) && <SessionsCard user={user} />}
        </div>
      </div>
    </Page>
  )
}

function Facts({ version: { user } }: { version: Version }) {
  return (
    <section className="card" aria-labelledby="facts">
      <header>
        <h2 id="facts">{text.facts.title}</h2>
      </header>
      <dl className="facts">
        <dt>{text.facts.joined}</dt>
        <dd>
          <Instant at={user.date_joined} />
        </dd>
        <dt>{text.facts.lastLogin}</dt>
        <dd>
          <Instant at={user.last_login} />
        </dd>
        <dt>{text.facts.id}</dt>
        <dd className="stack tight">
          <code>{user.id}</code>
          <CopyButton value={user.id} what={text.facts.id} />
        </dd>
      </dl>
    </section>
  )
}
