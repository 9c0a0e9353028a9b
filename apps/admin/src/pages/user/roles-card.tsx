import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { client } from '../../client.ts'
import { notify } from '../../notices.ts'
import { queryClient, refreshUsers, rolesQuery, userQuery } from '../../queries.ts'
import { useMay } from '../../session/me.ts'
import { perform } from '../../session/perform.ts'
import { commonText } from '../../text/common.ts'
import { userText } from '../../text/user.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote, ErrorState, Loading } from '../../ui/states.tsx'
import type { Version } from './profile.tsx'

const text = userText.roles

/** The roles that an account holds. */
export function RolesCard({ version }: { version: Version }) {
  const { user } = version
  const { may, mayTouch } = useMay()
  const [isOpen, setOpen] = useState(false)
  const mayChange = may('roles.manage') && may('roles.view') && mayTouch(user)
  return (
    <section className="card" aria-labelledby="roles">
      <header>
        <h2 id="roles">{text.title}</h2>
        {mayChange && (
          <Button isTight onClick={() => setOpen(true)}>
            {text.change}
          </Button>
        )}
      </header>
      {user.is_superuser && <p className="muted small">{text.everything}</p>}
      {user.roles.length === 0 && !user.is_superuser && <p className="muted">{text.none}</p>}
      <ul className="row">
        {user.roles.map(({ id, name }) => (
          <li key={id}>
            {may('roles.view') ? (
              <Link to="/roles/$id" params={{ id }} className="badge">
                <bdi>{name}</bdi>
              </Link>
            ) : (
              <bdi className="badge">{name}</bdi>
            )}
          </li>
        ))}
      </ul>
      {isOpen && <RolesDialog version={version} onClose={() => setOpen(false)} />}
    </section>
  )
}

function RolesDialog({ version, onClose }: { version: Version; onClose: () => void }) {
  const { user, etag } = version
  const roles = useQuery(rolesQuery)
  const [chosen, setChosen] = useState(() => new Set(user.roles.map(({ id }) => id)))
  const save = useMutation({
    mutationFn: () =>
      perform(() =>
        client.users.setRoles(user.id, { roles: [...chosen] }, { ifMatch: etag }).withResponse(),
      ),
    onSuccess: async ({ data, headers }) => {
      const saved = { user: data, etag: headers.get('etag') ?? undefined }
      queryClient.setQueryData(userQuery(user.id).queryKey, saved)
      notify(text.saved)
      onClose()
      await Promise.all([
        refreshUsers(),
        queryClient.invalidateQueries({ queryKey: rolesQuery.queryKey }),
        queryClient.invalidateQueries({ queryKey: ['user', user.id, 'activity'] }),
      ])
    },
    // A conflict is shown; the next try is on the newest version.
    onError: () => queryClient.invalidateQueries({ queryKey: userQuery(user.id).queryKey }),
  })

  function toggle(id: string) {
    setChosen((known) => {
      const next = new Set(known)
      if (!next.delete(id)) next.add(id)
      return next
    })
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!save.isPending) save.mutate()
  }

  return (
    <Dialog title={text.dialog(user.username)} description={text.text} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {roles.isPending && <Loading />}
        {roles.isError && <ErrorState error={roles.error} retry={roles.refetch} isInline />}
        {roles.data?.length === 0 && <p>{text.noRoles}</p>}
        {roles.data?.map(({ id, name, description, permissions }) => (
          <label key={id} className="check">
            <input type="checkbox" checked={chosen.has(id)} onChange={() => toggle(id)} />
            <span>
              <bdi>{name}</bdi>
              <span className="hint">
                <bdi>{description}</bdi> {text.allows(permissions.length)}
              </span>
            </span>
          </label>
        ))}
        <ErrorNote error={save.error} />
        <footer>
          <Button onClick={onClose}>{commonText.cancel}</Button>
          <Button type="submit" look="primary" isBusy={save.isPending}>
            {text.save}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
