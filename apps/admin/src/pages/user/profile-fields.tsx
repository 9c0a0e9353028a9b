import type { HTMLAttributes } from 'react'
import { userText as text } from '../../text/user.ts'
import { Field } from '../../ui/field.tsx'
import { type Member, type TextMember, textMembers, type Values } from './members.ts'

export interface FieldsProps {
  readonly values: Values
  readonly problems: Readonly<Partial<Record<string, string>>>
  /** The members that differ from what is stored; they are marked. */
  readonly changed?: readonly Member[]
  readonly isReadOnly?: boolean
  readonly onChange: (change: Partial<Values>) => void
  readonly onLeave?: (member: TextMember) => void
}

/** The texts of an account, for making one and for changing one. */
export function ProfileFields(props: FieldsProps) {
  return (
    <div className="form-grid">
      {textMembers.map((member) => (
        <TextField key={member} member={member} {...props} />
      ))}
    </div>
  )
}

const attributesOf: Readonly<Partial<Record<TextMember, HTMLAttributes<HTMLInputElement>>>> = {
  email: { inputMode: 'email' },
  phone_number: { inputMode: 'tel' },
}

const hints: Readonly<Record<string, string>> = text.hints

function TextField(props: FieldsProps & { member: TextMember }) {
  const { member, values, problems, changed = [], isReadOnly, onChange, onLeave } = props
  const isAddress = member === 'address'
  return (
    <Field
      label={
        <>
          {text.members[member]}
          {changed.includes(member) && <span className="changed-mark">{text.changed}</span>}
        </>
      }
      hint={hints[member]}
      problem={problems[member]}
      className={isAddress ? 'whole' : ''}
    >
      {(attributes) => {
        const shared = {
          ...attributes,
          className: 'input',
          name: member,
          'aria-required': member === 'username' || member === 'email' || undefined,
          // The profile of somebody else: the browser must not offer the reader's own.
          autoComplete: 'off',
          spellCheck: false,
          dir: 'auto' as const,
          readOnly: isReadOnly,
          value: values[member],
          onChange: ({ target }: { target: { value: string } }) =>
            onChange({ [member]: target.value }),
          onBlur: () => onLeave?.(member),
        }
        return isAddress ? (
          <textarea {...shared} rows={3} />
        ) : (
          <input {...shared} {...attributesOf[member]} autoCapitalize="none" />
        )
      }}
    </Field>
  )
}

/** Whether the account is staff or superuser; only what the person may give is offered. */
export function FlagFields(props: {
  values: Values
  problems: Readonly<Partial<Record<string, string>>>
  changed?: readonly Member[]
  maySetStaff: boolean
  maySetSuperuser: boolean
  onChange: (change: Partial<Values>) => void
}) {
  const { values, problems, changed = [], maySetStaff, maySetSuperuser, onChange } = props
  const flags = [
    ...(maySetStaff ? (['is_staff'] as const) : []),
    ...(maySetSuperuser ? (['is_superuser'] as const) : []),
  ]
  if (flags.length === 0) return null
  return (
    <fieldset>
      <legend>{text.access}</legend>
      {flags.map((member) => (
        <label key={member} className="check">
          <input
            type="checkbox"
            name={member}
            checked={values[member]}
            onChange={({ target }) => onChange({ [member]: target.checked })}
          />
          <span>
            {text.members[member]}
            {changed.includes(member) && <span className="changed-mark">{text.changed}</span>}
            <span className="hint">{text.hints[member]}</span>
            {problems[member] && <span className="problem-text">{problems[member]}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
