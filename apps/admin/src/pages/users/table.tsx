import type { User } from '@rollcall/sdk'
import { type Header, type Row, useTable } from '@tanstack/react-table'
import { type KeyboardEvent, useMemo } from 'react'
import { preferences } from '../../preferences.ts'
import { useStore } from '../../store.ts'
import { usersText as text } from '../../text/users.ts'
import { columns, features, optionalColumns, sortable } from './columns.tsx'
import type { Selection } from './selection.ts'

/** The users as a table that the keyboard walks through: the focus is on the name of a row. */
export function UsersTable(props: {
  users: readonly User[]
  isStale: boolean
  ordering: string | undefined
  onSort: (ordering: string | undefined) => void
  selection: Selection
}) {
  const { users, isStale, ordering, onSort, selection } = props
  const { userColumns } = useStore(preferences)
  const columnVisibility = useMemo(
    () => Object.fromEntries(optionalColumns.map((id) => [id, userColumns.includes(id)])),
    [userColumns],
  )
  const data = useMemo(() => [...users], [users])
  const table = useTable({
    features,
    columns,
    data,
    getRowId: ({ id }: User) => id,
    state: { columnVisibility },
  })
  const areAllSelected = users.every(selection.has)
  const rows = table.getRowModel().rows

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className="table-box" aria-label={text.table} tabIndex={0}>
      <table className={isStale ? 'table stale' : 'table'} aria-busy={isStale}>
        <caption>{text.table}</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              <th scope="col" className="narrow">
                <input
                  type="checkbox"
                  className="box"
                  aria-label={text.selectPage}
                  checked={areAllSelected}
                  onChange={() => selection.set(users, !areAllSelected)}
                />
              </th>
              {group.headers.map((header) => (
                <HeaderCell key={header.id} header={header} ordering={ordering} onSort={onSort}>
                  <table.FlexRender header={header} />
                </HeaderCell>
              ))}
            </tr>
          ))}
        </thead>
        <tbody onKeyDown={(event) => walk(event, rows, selection)}>
          {rows.map((row) => (
            <tr key={row.id} data-row={row.id} data-selected={selection.has(row.original)}>
              <td className="narrow">
                <input
                  type="checkbox"
                  className="box"
                  tabIndex={-1}
                  aria-label={text.select(row.original.username)}
                  checked={selection.has(row.original)}
                  onChange={() => selection.toggle(row.original)}
                />
              </td>
              {row.getVisibleCells().map((cell) =>
                cell.column.id === 'username' ? (
                  <th key={cell.id} scope="row">
                    <table.FlexRender cell={cell} />
                  </th>
                ) : (
                  <td key={cell.id}>
                    <table.FlexRender cell={cell} />
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function HeaderCell(props: {
  header: Header<typeof features, User, unknown>
  ordering: string | undefined
  onSort: (ordering: string | undefined) => void
  children: React.ReactNode
}) {
  const { header, ordering, onSort, children } = props
  const { id } = header.column
  if (!sortable.has(id)) return <th scope="col">{children}</th>
  const direction = ordering === id ? 'ascending' : ordering === `-${id}` ? 'descending' : 'none'
  const next = { none: id, ascending: `-${id}`, descending: undefined }[direction]
  return (
    <th scope="col" aria-sort={direction}>
      <button type="button" className="sort" onClick={() => onSort(next)}>
        {children}
        <span aria-hidden="true">{{ none: '↕', ascending: '↑', descending: '↓' }[direction]}</span>
      </button>
    </th>
  )
}

/** Moves the focus from row to row, and selects. Enter follows the link by itself. */
function walk(
  event: KeyboardEvent<HTMLElement>,
  rows: readonly Row<typeof features, User>[],
  selection: Selection,
) {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const id = (event.target as Element).closest('tr')?.dataset.row
  const index = rows.findIndex((row) => row.id === id)
  const row = rows[index]
  if (!row) return
  const { key } = event
  if (key === ' ' || (key === 'x' && preferences.get().singleKeys)) selection.toggle(row.original)
  else if (key === 'ArrowDown') focusRow(rows[index + 1]?.id)
  else if (key === 'ArrowUp') focusRow(rows[index - 1]?.id)
  else if (key === 'Home') focusRow(rows[0]?.id)
  else if (key === 'End') focusRow(rows.at(-1)?.id)
  else return
  event.preventDefault()
}

function focusRow(id: string | undefined) {
  if (id) document.querySelector<HTMLElement>(`[data-row="${id}"] .row-link`)?.focus()
}

export function focusFirstRow() {
  document.querySelector<HTMLElement>('[data-row] .row-link')?.focus()
}
