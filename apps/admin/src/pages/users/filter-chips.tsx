import { useQuery } from '@tanstack/react-query'
import { formatDay } from '../../format.ts'
import { rolesQuery } from '../../queries.ts'
import { useMay } from '../../session/me.ts'
import { usersText } from '../../text/users.ts'
import { Button } from '../../ui/button.tsx'
import { type FilterName, filterNames, type UsersSearch } from './search.ts'

const text = usersText.filter

/** What narrows the list down just now, each with a way to drop it. */
export function FilterChips(props: {
  search: UsersSearch
  onChange: (change: UsersSearch) => void
}) {
  const { search, onChange } = props
  const { may } = useMay()
  const roles = useQuery({ ...rolesQuery, enabled: search.role !== undefined && may('roles.view') })
  const names = filterNames.filter((name) => search[name] !== undefined)
  if (names.length === 0) return null

  function wordsOf(name: FilterName): string {
    const value = search[name] ?? ''
    if (name === 'role') {
      return `${text.role}: ${roles.data?.find(({ id }) => id === value)?.name ?? value}`
    }
    if (name === 'is_active' || name === 'is_staff' || name === 'is_superuser') {
      return value === 'true' ? text[name].true : text[name].false
    }
    return `${text[name]} ${formatDay(value)}`
  }

  const nothing = Object.fromEntries(names.map((name) => [name, undefined]))
  return (
    <ul className="chips" aria-label={usersText.filters}>
      {names.map((name) => (
        <li key={name} className="chip">
          <bdi>{wordsOf(name)}</bdi>
          <button
            type="button"
            aria-label={usersText.clear(wordsOf(name))}
            onClick={() => onChange({ [name]: undefined })}
          >
            ×
          </button>
        </li>
      ))}
      <li>
        <Button look="quiet" isTight onClick={() => onChange(nothing)}>
          {usersText.clearAll}
        </Button>
      </li>
    </ul>
  )
}
