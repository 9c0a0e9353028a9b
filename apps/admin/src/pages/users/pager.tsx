import type { UserFilter, UserPage } from '@rollcall/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { formatNumber } from '../../format.ts'
import { prefer, preferences } from '../../preferences.ts'
import { useStore } from '../../store.ts'
import { commonText } from '../../text/common.ts'
import { usersText as text } from '../../text/users.ts'
import { Button } from '../../ui/button.tsx'
import { countQuery } from './list.ts'

const sizes = [25, 50, 100]

/** Turns the pages, which cost the same however far down they are. */
export function Pager(props: {
  page: UserPage | undefined
  filter: UserFilter
  isFirst: boolean
  onTurn: (url: string | null | undefined) => void
}) {
  const { page, filter, onTurn } = props
  const { pageSize } = useStore(preferences)
  return (
    <nav className="pager" aria-label={text.pages}>
      <span className="row">
        <span role="status">{text.found(page?.results.length ?? 0)}</span>
        <Count key={JSON.stringify(filter)} filter={filter} />
      </span>
      <span className="row">
        <label>
          {text.pageSize}
          <select
            className="input"
            value={pageSize}
            onChange={({ target }) => prefer({ pageSize: Number(target.value) })}
          >
            {sizes.map((size) => (
              <option key={size}>{size}</option>
            ))}
          </select>
        </label>
        <Button isOff={!page?.previous} onClick={() => onTurn(page?.previous)}>
          {text.previous}
        </Button>
        <Button isOff={!page?.next} onClick={() => onTurn(page?.next)}>
          {text.next}
        </Button>
      </span>
    </nav>
  )
}

/** Counting a million takes a moment: only for who asks. */
function Count({ filter }: { filter: UserFilter }) {
  const [isAsked, setAsked] = useState(false)
  const count = useQuery({ ...countQuery(filter), enabled: isAsked })
  if (count.data !== undefined) return <span>{text.counted(formatNumber(count.data))}</span>
  if (count.isError) return <span>{commonText.unknown}</span>
  return (
    <Button look="quiet" isTight isBusy={count.isFetching} onClick={() => setAsked(true)}>
      {text.countAll}
    </Button>
  )
}
