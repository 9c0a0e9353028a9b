import type { PermissionInfo, Role } from '@rollcall/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { permissionsQuery, rolesQuery } from '../../queries.ts'
import { useMay } from '../../session/me.ts'
import { rolesText as text } from '../../text/roles.ts'
import { Page } from '../../ui/page.tsx'
import { Empty, ErrorState, Forbidden, Loading } from '../../ui/states.tsx'

/** Every role beside every permission. */
export function RolesPage() {
  const { may } = useMay()
  if (!may('roles.view')) return <Forbidden permission="roles.view" />
  return (
    <Page
      title={text.title}
      lead={text.lead}
      actions={
        may('roles.manage') && (
          <Link to="/roles/new" className="button primary">
            {text.create}
          </Link>
        )
      }
    >
      <RoleMatrix />
    </Page>
  )
}

function RoleMatrix() {
  const roles = useQuery(rolesQuery)
  const permissions = useQuery(permissionsQuery)
  const error = roles.error ?? permissions.error
  if (error) {
    const retry = () => Promise.all([roles.refetch(), permissions.refetch()])
    return <ErrorState error={error} retry={retry} />
  }
  if (!roles.data || !permissions.data) return <Loading lines={10} />
  if (roles.data.length === 0) {
    return (
      <Empty title={text.none}>
        <p>{text.noneText}</p>
      </Empty>
    )
  }
  return <Matrix roles={roles.data} permissions={permissions.data} />
}

function Matrix(props: { roles: readonly Role[]; permissions: readonly PermissionInfo[] }) {
  const { roles, permissions } = props
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className="table-box" aria-label={text.matrix} tabIndex={0}>
      <table className="table matrix">
        <caption>{text.matrix}</caption>
        <thead>
          <tr>
            <th scope="col">{text.permission}</th>
            {roles.map((role) => (
              <th key={role.id} scope="col">
                <Link to="/roles/$id" params={{ id: role.id }} className="cut">
                  <bdi title={role.name}>{role.name}</bdi>
                </Link>
                <span className="muted">{text.holders(role.holders)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {permissions.map(({ name, description }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
                <span className="muted">{description}</span>
              </th>
              {roles.map((role) => (
                <Cell key={role.id} isAllowed={role.permissions.includes(name)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Cell({ isAllowed }: { isAllowed: boolean }) {
  return (
    <td className={isAllowed ? 'allowed' : 'not-allowed'}>
      <span aria-hidden="true">{isAllowed ? '✓' : '·'}</span>
      <span className="visually-hidden">{isAllowed ? text.allowed : text.notAllowed}</span>
    </td>
  )
}
