import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useRef } from 'react'
import { preferences } from '../../preferences.ts'
import { useMay } from '../../session/me.ts'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { useStore } from '../../store.ts'
import { usersText as text } from '../../text/users.ts'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty, ErrorState, Forbidden, Loading } from '../../ui/states.tsx'
import { ColumnMenu } from './column-menu.tsx'
import { ExportMenu } from './export-menu.tsx'
import { FilterChips } from './filter-chips.tsx'
import { FilterPanel } from './filter-panel.tsx'
import { cursorOf, usersQuery } from './list.ts'
import { Pager } from './pager.tsx'
import { toFilter, toOrdering, type UsersSearch } from './search.ts'
import { SearchBox } from './search-box.tsx'
import { useSelection } from './selection.ts'
import { SelectionBar } from './selection-bar.tsx'
import { focusFirstRow, UsersTable } from './table.tsx'

const route = getRouteApi('/users')

export function UsersPage() {
  const { may } = useMay()
  if (!may('users.view')) return <Forbidden permission="users.view" />
  return (
    <Page
      title={text.title}
      actions={
        may('users.create') && (
          <Link to="/users/new" className="button primary">
            {text.create}
          </Link>
        )
      }
    >
      <UserList />
    </Page>
  )
}

function UserList() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/users' })
  const { pageSize } = useStore(preferences)
  const filter = useMemo(() => toFilter(search), [search])
  const list = useQuery(usersQuery(filter, toOrdering(search), search.cursor, pageSize))
  const selection = useSelection(filter)
  const box = useRef<HTMLInputElement>(null)

  /** Another list begins at its first page. */
  const narrow = (change: UsersSearch) =>
    navigate({ search: (known) => ({ ...known, cursor: undefined, ...change }) })
  const turn = (url: string | null | undefined) =>
    url && navigate({ search: (known) => ({ ...known, cursor: cursorOf(url) }) })

  useShortcuts({
    '/': () => box.current?.focus(),
    n: () => void turn(list.data?.next),
    p: () => void turn(list.data?.previous),
    ArrowDown: focusFirstRow,
  })

  return (
    <>
      <div className="toolbar">
        <SearchBox
          inputRef={box}
          value={search.search}
          onSearch={(words) => narrow({ search: words || undefined })}
        />
        <FilterPanel search={search} onChange={narrow} />
        <ColumnMenu />
        <ExportMenu filter={filter} ordering={toOrdering(search)} />
      </div>
      <FilterChips search={search} onChange={narrow} />
      <SelectionBar selection={selection} filter={filter} />
      {list.isPending ? (
        <Loading lines={10} />
      ) : list.isError && !list.data ? (
        <ErrorState error={list.error} retry={list.refetch} />
      ) : list.data?.results.length === 0 ? (
        <Nothing isNarrowed={Object.values(filter).some((each) => each !== undefined)} />
      ) : (
        <>
          <UsersTable
            users={list.data?.results ?? []}
            isStale={list.isPlaceholderData}
            ordering={search.ordering}
            onSort={(ordering) => narrow({ ordering })}
            selection={selection}
          />
          <Pager page={list.data} filter={filter} onTurn={turn} isFirst={!search.cursor} />
        </>
      )}
    </>
  )
}

function Nothing({ isNarrowed }: { isNarrowed: boolean }) {
  const navigate = useNavigate({ from: '/users' })
  if (!isNarrowed) {
    return (
      <Empty title={text.empty}>
        <p>{text.emptyText}</p>
      </Empty>
    )
  }
  return (
    <Empty title={text.nothing}>
      <p>{text.nothingText}</p>
      <Button onClick={() => navigate({ search: {} })}>{text.clearAll}</Button>
    </Empty>
  )
}
