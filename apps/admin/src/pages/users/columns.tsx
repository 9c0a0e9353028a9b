import type { User } from '@rollcall/sdk'
import { Link } from '@tanstack/react-router'
import { columnVisibilityFeature, createColumnHelper, tableFeatures } from '@tanstack/react-table'
import { usersText as text } from '../../text/users.ts'
import { Instant } from '../../ui/instant.tsx'
import { UserMarks } from '../../ui/user-marks.tsx'

export const features = tableFeatures({ columnVisibilityFeature })

const helper = createColumnHelper<typeof features, User>()
const members = text.members

/** Every column that there is. That of the username leads to the account, and stays. */
export const columns = helper.columns([
  helper.accessor('username', {
    header: members.username,
    enableHiding: false,
    cell: ({ row }) => (
      <Link
        to="/users/$id"
        params={{ id: row.original.id }}
        className="row-link cut"
        title={row.original.username}
      >
        <bdi>{row.original.username}</bdi>
      </Link>
    ),
  }),
  helper.accessor((user) => nameOf(user), {
    id: 'name',
    header: members.name,
    cell: ({ getValue }) => <Cut text={getValue()} />,
  }),
  helper.accessor('email', {
    header: members.email,
    cell: ({ getValue }) => <Cut text={getValue()} />,
  }),
  helper.accessor('phone_number', {
    header: members.phone_number,
    cell: ({ getValue }) => <Cut text={getValue() ?? ''} />,
  }),
  helper.display({
    id: 'status',
    header: members.status,
    cell: ({ row }) => <UserMarks user={row.original} />,
  }),
  helper.accessor((user) => user.roles.map(({ name }) => name).join(', '), {
    id: 'roles',
    header: members.roles,
    cell: ({ getValue }) => <Cut text={getValue()} />,
  }),
  helper.accessor('date_joined', {
    header: members.date_joined,
    cell: ({ getValue }) => (
      <span className="nowrap">
        <Instant at={getValue()} isDay />
      </span>
    ),
  }),
  helper.accessor('last_login', {
    header: members.last_login,
    cell: ({ getValue }) => (
      <span className="nowrap">
        <Instant at={getValue()} isAgo />
      </span>
    ),
  }),
  helper.accessor('id', {
    header: members.id,
    cell: ({ getValue }) => <code className="nowrap">{getValue()}</code>,
  }),
])

/** The columns that may be hidden, by their ids. */
export const optionalColumns = [
  'name',
  'email',
  'phone_number',
  'status',
  'roles',
  'date_joined',
  'last_login',
  'id',
] as const

/** The columns that the API can sort by. */
export const sortable: ReadonlySet<string> = new Set([
  'username',
  'email',
  'date_joined',
  'last_login',
])

function nameOf({ first_name: first, last_name: last }: User): string {
  return [first, last].filter(Boolean).join(' ')
}

/** On one line however long it is; whole on hover, and on the page of the account. */
function Cut({ text }: { text: string }) {
  return (
    <bdi className="cut" title={text}>
      {text}
    </bdi>
  )
}
