import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../client.ts'
import { auditActions } from '../../generated/audit-actions.gen.ts'
import { perform } from '../../session/perform.ts'
import { auditText } from '../../text/audit.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { ErrorNote } from '../../ui/states.tsx'
import type { AuditSearch } from './search.ts'

const text = auditText.filter
const whole = /^[0-9a-f-]{36}$/

class UnknownNameError extends Error {
  readonly member: string
  constructor(member: string) {
    super()
    this.member = member
  }
}

/** Narrows the trail down: by what, by whom, to what, and when. Stands in the address. */
export function AuditFilters(props: {
  search: AuditSearch
  onChange: (search: AuditSearch) => void
}) {
  const { search, onChange } = props
  const [values, setValues] = useState<Record<string, string | undefined>>({ ...search })
  const apply = useMutation({
    mutationFn: async () => ({
      ...values,
      actor: await toId('actor', values.actor),
      target: await toId('target', values.target),
    }),
    onSuccess: (found) =>
      onChange(Object.fromEntries(Object.entries(found).filter(([, value]) => value))),
  })
  const set = (name: keyof AuditSearch) => (event: { target: { value: string } }) =>
    setValues((known) => ({ ...known, [name]: event.target.value }))
  const unknown = apply.error instanceof UnknownNameError ? apply.error.member : undefined

  function submit(event: FormEvent) {
    event.preventDefault()
    apply.mutate()
  }

  return (
    <form className="card spaced" onSubmit={submit}>
      <div className="form-grid filters">
        <Field label={text.action}>
          {(attributes) => (
            <select
              {...attributes}
              className="input"
              value={values.action ?? ''}
              onChange={set('action')}
            >
              <option value="">{text.any}</option>
              {Object.entries(auditActions).map(([action, meaning]) => (
                <option key={action} value={action} title={meaning}>
                  {action}
                </option>
              ))}
            </select>
          )}
        </Field>
        {(['actor', 'target'] as const).map((name) => (
          <Field
            key={name}
            label={text[name]}
            problem={unknown === name ? text.unknown : undefined}
          >
            {(attributes) => (
              <input
                {...attributes}
                className="input"
                placeholder={text.who}
                autoComplete="off"
                spellCheck={false}
                value={values[name] ?? ''}
                onChange={set(name)}
              />
            )}
          </Field>
        ))}
        {(['after', 'before'] as const).map((name) => (
          <Field key={name} label={text[name]}>
            {(attributes) => (
              <input
                {...attributes}
                className="input"
                type="datetime-local"
                value={values[name] ?? ''}
                onChange={set(name)}
              />
            )}
          </Field>
        ))}
        <div className="row filter-buttons">
          <Button type="submit" look="primary" isBusy={apply.isPending}>
            {text.apply}
          </Button>
          {Object.keys(search).length > 0 && (
            <Button onClick={() => onChange({})}>{text.clear}</Button>
          )}
        </div>
      </div>
      <ErrorNote error={unknown ? undefined : apply.error} />
    </form>
  )
}

/** An id as it is; a username by looking it up. */
async function toId(member: string, given: string | undefined): Promise<string | undefined> {
  const value = given?.trim()
  if (!value || whole.test(value)) return value
  const { results } = await perform(() => client.users.list({ username: value, limit: 1 }))
  if (!results[0]) throw new UnknownNameError(member)
  return results[0].id
}
