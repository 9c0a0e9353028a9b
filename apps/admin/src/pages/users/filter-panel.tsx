import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { rolesQuery } from '../../queries.ts'
import { useMay } from '../../session/me.ts'
import { usersText } from '../../text/users.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { type FilterName, filterNames, type UsersSearch } from './search.ts'

const text = usersText.filter

interface FilterProps {
  readonly search: UsersSearch
  readonly onChange: (change: UsersSearch) => void
}

/** Narrows the list down. Each filter acts at once, and stands in the address. */
export function FilterPanel({ search, onChange }: FilterProps) {
  const { may } = useMay()
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  const count = filterNames.filter((name) => search[name] !== undefined).length
  const label = count > 0 ? usersText.filtersOn(count) : usersText.filters

  function closeOnEscape({ key }: KeyboardEvent) {
    if (key !== 'Escape') return
    setOpen(false)
    button.current?.focus()
  }

  return (
    <>
      <Button
        ref={button}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {label}
        <span aria-hidden="true">{isOpen ? '▴' : '▾'}</span>
      </Button>
      {isOpen && (
        <section
          id={id}
          className="card filter-box form-grid filters"
          aria-label={usersText.filters}
          onKeyDown={closeOnEscape}
        >
          {flags.map((name) => (
            <FlagFilter key={name} name={name} search={search} onChange={onChange} />
          ))}
          {may('roles.view') && <RoleFilter search={search} onChange={onChange} />}
          {days.map((name) => (
            <Field key={name} label={text[name]}>
              {(attributes) => (
                <input
                  {...attributes}
                  className="input"
                  type="date"
                  value={search[name] ?? ''}
                  onChange={({ target }) => onChange({ [name]: target.value || undefined })}
                />
              )}
            </Field>
          ))}
        </section>
      )}
    </>
  )
}

const flags = ['is_active', 'is_staff', 'is_superuser'] as const
const days = [
  'date_joined_after',
  'date_joined_before',
  'last_login_after',
  'last_login_before',
] as const satisfies FilterName[]

function FlagFilter({ name, search, onChange }: FilterProps & { name: (typeof flags)[number] }) {
  return (
    <Field label={text[name].name}>
      {(attributes) => (
        <select
          {...attributes}
          className="input"
          value={search[name] ?? ''}
          onChange={({ target }) => onChange({ [name]: target.value || undefined })}
        >
          <option value="">{text.any}</option>
          <option value="true">{text[name].true}</option>
          <option value="false">{text[name].false}</option>
        </select>
      )}
    </Field>
  )
}

function RoleFilter({ search, onChange }: FilterProps) {
  const { data: roles = [] } = useQuery(rolesQuery)
  return (
    <Field label={text.role}>
      {(attributes) => (
        <select
          {...attributes}
          className="input"
          value={search.role ?? ''}
          onChange={({ target }) => onChange({ role: target.value || undefined })}
        >
          <option value="">{text.any}</option>
          {roles.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
