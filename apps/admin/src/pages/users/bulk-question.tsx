import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { formatNumber } from '../../format.ts'
import { rules } from '../../generated/rules.gen.ts'
import { rolesQuery } from '../../queries.ts'
import { commonText } from '../../text/common.ts'
import { bulkText as text } from '../../text/users.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import type { BulkAction, BulkChoice } from './bulk.ts'
import type { Selection } from './selection.ts'

const mostNames = 40

/** The question before a bulk action: whom it meets, and what it needs besides. */
export function BulkQuestion(props: {
  action: BulkAction
  selection: Selection
  onStart: (choice: BulkChoice) => void
  onClose: () => void
}) {
  const { action, selection, onStart, onClose } = props
  const [role, setRole] = useState('')
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const needsRole = action === 'addRole' || action === 'removeRole'
  const takesReason = action === 'activate' || action === 'deactivate'
  const word = action === 'delete' ? String(selection.count) : ''
  const isReady = (!needsRole || role !== '') && typed.trim() === word
  const isDanger = action === 'delete' || action === 'deactivate'

  function submit(event: FormEvent) {
    event.preventDefault()
    if (isReady) onStart({ role, reason: reason.trim() })
  }

  return (
    <form className="stack" onSubmit={submit}>
      <Whom selection={selection} />
      {needsRole && <RoleChoice role={role} onChange={setRole} />}
      {takesReason && (
        <Field label={text.reason} hint={text.reasonHint}>
          {(attributes) => (
            <input
              {...attributes}
              className="input"
              maxLength={rules.UserPatch.reason.maxLength}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
      )}
      {word && (
        <Field label={text.type(word)}>
          {(attributes) => (
            <input
              {...attributes}
              className="input"
              autoComplete="off"
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
            />
          )}
        </Field>
      )}
      <footer>
        <Button onClick={onClose}>{commonText.cancel}</Button>
        <Button type="submit" look={isDanger ? 'danger primary' : 'primary'} isOff={!isReady}>
          {text.actions[action].button}
        </Button>
      </footer>
    </form>
  )
}

function Whom({ selection }: { selection: Selection }) {
  if (selection.all) return <p>{text.byFilter}</p>
  const users = [...selection.users.values()]
  const more = users.length - mostNames
  return (
    <ul className="names" aria-label={text.whom}>
      {users.slice(0, mostNames).map(({ id, username }) => (
        <li key={id} className="badge">
          <bdi>{username}</bdi>
        </li>
      ))}
      {more > 0 && <li className="muted">{text.more(formatNumber(more))}</li>}
    </ul>
  )
}

function RoleChoice({ role, onChange }: { role: string; onChange: (role: string) => void }) {
  const { data: roles = [] } = useQuery(rolesQuery)
  return (
    <Field label={text.role}>
      {(attributes) => (
        <select
          {...attributes}
          className="input"
          required
          value={role}
          onChange={({ target }) => onChange(target.value)}
        >
          <option value="">{text.chooseRole}</option>
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
