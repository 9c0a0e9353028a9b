import { isApiError, type Permission, type PermissionInfo, type Role } from '@rollcall/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { client } from '../../client.ts'
import { fieldProblems } from '../../errors.ts'
import { rules } from '../../generated/rules.gen.ts'
import { notify } from '../../notices.ts'
import { permissionsQuery, queryClient, rolesQuery } from '../../queries.ts'
import { useMay } from '../../session/me.ts'
import { perform } from '../../session/perform.ts'
import { commonText } from '../../text/common.ts'
import { rolesText as text } from '../../text/roles.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { LeaveGuard } from '../../ui/leave-guard.tsx'
import { ErrorNote, ErrorState, Loading } from '../../ui/states.tsx'
import { problemOf } from '../user/members.ts'

interface Values {
  readonly name: string
  readonly description: string
  readonly permissions: readonly Permission[]
}

const empty: Values = { name: '', description: '', permissions: [] }

/** The form of a role, old or new. Without the right to change it, it only shows. */
export function RoleForm({ role }: { role?: Role }) {
  const { may } = useMay()
  const navigate = useNavigate()
  const stored: Values = role
    ? { name: role.name, description: role.description, permissions: role.permissions }
    : empty
  const [values, setValues] = useState(stored)
  const [isTried, setTried] = useState(false)
  const isReadOnly = !may('roles.manage')
  const isDirty = !isReadOnly && keyOf(values) !== keyOf(stored)
  const change = (changes: Partial<Values>) => setValues((known) => ({ ...known, ...changes }))

  const save = useMutation({
    mutationFn: () => {
      const body = { ...values, permissions: [...values.permissions] }
      return perform(() => (role ? client.roles.update(role.id, body) : client.roles.create(body)))
    },
    onSuccess: async (saved) => {
      notify(role ? text.saved : text.made)
      queryClient.setQueryData(['roles', saved.id], saved)
      if (!role) {
        await navigate({ to: '/roles/$id', params: { id: saved.id }, ignoreBlocker: true })
      }
      await queryClient.invalidateQueries({ queryKey: rolesQuery.queryKey })
    },
  })

  const served = save.isError ? fieldProblems(save.error) : {}
  const problems = {
    name: (isTried && problemOf(rules.NewRole.name, values.name)) || served.name,
    description: problemOf(rules.NewRole.description, values.description) ?? served.description,
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (isReadOnly || save.isPending || problemOf(rules.NewRole.name, values.name)) return
    save.mutate()
  }

  const isAtFields =
    isApiError(save.error, 'validation_failed') && Object.values(problems).some(Boolean)
  return (
    <form className="card stack loose" onSubmit={submit} noValidate>
      <Field label={text.name} problem={problems.name}>
        {(attributes) => (
          <input
            {...attributes}
            className="input"
            dir="auto"
            autoComplete="off"
            readOnly={isReadOnly}
            value={values.name}
            onChange={({ target }) => change({ name: target.value })}
          />
        )}
      </Field>
      <Field label={text.description} problem={problems.description}>
        {(attributes) => (
          <input
            {...attributes}
            className="input"
            dir="auto"
            autoComplete="off"
            readOnly={isReadOnly}
            value={values.description}
            onChange={({ target }) => change({ description: target.value })}
          />
        )}
      </Field>
      <PermissionChoice
        chosen={values.permissions}
        isReadOnly={isReadOnly}
        onChange={(permissions) => change({ permissions })}
      />
      <ErrorNote error={isAtFields ? undefined : save.error} />
      {!isReadOnly && (
        <div className="row end">
          {role && isDirty && (
            <Button onClick={() => setValues(stored)}>{commonText.discard}</Button>
          )}
          <Button type="submit" look="primary" isBusy={save.isPending} isOff={!isDirty}>
            {role ? text.save : text.make}
          </Button>
        </div>
      )}
      <LeaveGuard isDirty={isDirty} />
    </form>
  )
}

/** In which order permissions were chosen is no change. */
function keyOf({ permissions, ...texts }: Values): string {
  return JSON.stringify([texts, [...permissions].sort()])
}

function PermissionChoice(props: {
  chosen: readonly Permission[]
  isReadOnly: boolean
  onChange: (chosen: readonly Permission[]) => void
}) {
  const { chosen, isReadOnly, onChange } = props
  const { may } = useMay()
  const permissions = useQuery(permissionsQuery)
  if (permissions.isPending) return <Loading lines={8} />
  if (permissions.isError) {
    return <ErrorState error={permissions.error} retry={permissions.refetch} isInline />
  }
  const toggle = (name: Permission) =>
    onChange(chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name])
  const nouns = Map.groupBy(permissions.data, ({ name }) => name.split('.')[0] ?? '')
  return (
    <fieldset>
      <legend>{text.permissions}</legend>
      <div className="permission-groups">
        {[...nouns].map(([noun, group]) => (
          <fieldset key={noun}>
            <legend>{text.groups[noun as keyof typeof text.groups] ?? noun}</legend>
            {group.map((permission) => (
              <PermissionBox
                key={permission.name}
                permission={permission}
                isOn={chosen.includes(permission.name)}
                isHeld={may(permission.name)}
                isReadOnly={isReadOnly}
                onToggle={() => toggle(permission.name)}
              />
            ))}
          </fieldset>
        ))}
      </div>
    </fieldset>
  )
}

function PermissionBox(props: {
  permission: PermissionInfo
  isOn: boolean
  isHeld: boolean
  isReadOnly: boolean
  onToggle: () => void
}) {
  const { permission, isOn, isHeld, isReadOnly, onToggle } = props
  return (
    <label className="check">
      <input type="checkbox" checked={isOn} disabled={isReadOnly || !isHeld} onChange={onToggle} />
      <span>
        <code>{permission.name}</code>
        <span className="hint">
          {permission.description} {!isHeld && !isReadOnly && text.unheld}
        </span>
      </span>
    </label>
  )
}
