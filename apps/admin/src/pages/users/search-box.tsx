import { type FormEvent, type RefObject, useEffect, useState } from 'react'
import { usersText as text } from '../../text/users.ts'
import { focusFirstRow } from './table.tsx'

/** People stop typing for so long before it is looked for, in milliseconds. */
const pauseMs = 250

/** One box for names, addresses, phone numbers and whole ids. */
export function SearchBox(props: {
  inputRef: RefObject<HTMLInputElement | null>
  value: string | undefined
  onSearch: (words: string) => void
}) {
  const { inputRef, value = '', onSearch } = props
  const [typed, setTyped] = useState(value)
  // The address may change by other ways: back, a chip, a link.
  useEffect(() => setTyped(value), [value])
  useEffect(() => {
    const words = typed.trim()
    if (words === value) return
    const timer = setTimeout(() => onSearch(words), pauseMs)
    return () => clearTimeout(timer)
  }, [typed, value, onSearch])

  function submit(event: FormEvent) {
    event.preventDefault()
    onSearch(typed.trim())
    focusFirstRow()
  }

  return (
    <search className="search">
      <form onSubmit={submit}>
        <input
          ref={inputRef}
          className="input"
          type="search"
          aria-label={text.search}
          placeholder={text.placeholder}
          maxLength={200}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return
            event.preventDefault()
            focusFirstRow()
          }}
        />
      </form>
    </search>
  )
}
