import { isApiError, type Role } from '@rollcall/sdk'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../../client.ts'
import { notify } from '../../notices.ts'
import { queryClient, rolesQuery } from '../../queries.ts'
import { useMay } from '../../session/me.ts'
import { perform } from '../../session/perform.ts'
import { rolesText as text } from '../../text/roles.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty, ErrorState, Forbidden, Loading } from '../../ui/states.tsx'
import { usersQuery } from '../users/list.ts'
import { RoleForm } from './role-form.tsx'

const parent = { to: '/roles', title: text.title }

/** A role that is still to be made. */
export function NewRolePage() {
  const { may } = useMay()
  if (!may('roles.manage')) return <Forbidden permission="roles.manage" />
  return (
    <Page title={text.newTitle} parent={parent}>
      <RoleForm />
    </Page>
  )
}

/** One role: what it allows, and who holds it. */
export function RolePage() {
  const { id } = getRouteApi('/roles/$id').useParams()
  const { may } = useMay()
  const role = useQuery({
    queryKey: ['roles', id],
    queryFn: () => perform(() => client.roles.get(id)),
    retry: false,
  })
  if (!may('roles.view')) return <Forbidden permission="roles.view" />
  if (role.data) return <RoleDetails key={id} role={role.data} />
  return (
    <Page title={text.fallbackTitle} parent={parent}>
      {isApiError(role.error, 'not_found') ? (
        <Empty title={text.notFound}>
          <p>{text.notFoundText}</p>
          <Link to="/roles" className="button">
            {text.back}
          </Link>
        </Empty>
      ) : role.isError ? (
        <ErrorState error={role.error} retry={role.refetch} />
      ) : (
        <Loading lines={8} />
      )}
    </Page>
  )
}

function RoleDetails({ role }: { role: Role }) {
  const { may } = useMay()
  const navigate = useNavigate()
  const [isAsking, setAsking] = useState(false)

  async function removed() {
    notify(text.removed)
    await navigate({ to: '/roles', ignoreBlocker: true })
    await queryClient.invalidateQueries({ queryKey: rolesQuery.queryKey })
  }

  return (
    <Page
      title={role.name}
      heading={<bdi>{role.name}</bdi>}
      parent={parent}
      actions={
        may('roles.manage') && (
          <Button look="danger" onClick={() => setAsking(true)}>
            {text.remove}
          </Button>
        )
      }
    >
      <div className="columns">
        <div>
          <RoleForm role={role} />
        </div>
        <div>{may('users.view') && <Holders role={role} />}</div>
      </div>
      {isAsking && (
        <Confirm
          title={text.removeTitle(role.name)}
          text={text.removeText(role.holders)}
          button={text.remove}
          isDanger
          work={() => client.roles.delete(role.id)}
          onDone={removed}
          onClose={() => setAsking(false)}
        />
      )}
    </Page>
  )
}

const shownHolders = 25

function Holders({ role }: { role: Role }) {
  const holders = useQuery(usersQuery({ role: role.id }, 'username', undefined, shownHolders))
  return (
    <section className="card" aria-labelledby="holders">
      <header>
        <h2 id="holders">{text.who}</h2>
        <p>{text.holders(role.holders)}</p>
      </header>
      {holders.isPending && <Loading />}
      {holders.isError && <ErrorState error={holders.error} retry={holders.refetch} isInline />}
      {holders.data?.results.length === 0 && <p className="muted">{text.nobody}</p>}
      <ul className="stack tight">
        {holders.data?.results.map(({ id, username }) => (
          <li key={id}>
            <Link to="/users/$id" params={{ id }}>
              <bdi>{username}</bdi>
            </Link>
          </li>
        ))}
      </ul>
      {holders.data?.next && (
        <p>
          <Link to="/users" search={{ role: role.id }}>
            {text.everybody}
          </Link>
        </p>
      )}
    </section>
  )
}
