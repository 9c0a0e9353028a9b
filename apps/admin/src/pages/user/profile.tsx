import { isApiError, type User } from '@rollcall/sdk'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { client } from '../../client.ts'
import { fieldProblems } from '../../errors.ts'
import { rules } from '../../generated/rules.gen.ts'
import { announce, notify } from '../../notices.ts'
import { queryClient, refreshUsers, userQuery } from '../../queries.ts'
import { useMay } from '../../session/me.ts'
import { perform } from '../../session/perform.ts'
import { commonText } from '../../text/common.ts'
import { userText as text } from '../../text/user.ts'
import { Button } from '../../ui/button.tsx'
import { LeaveGuard } from '../../ui/leave-guard.tsx'
import { ErrorNote } from '../../ui/states.tsx'
import { ConflictDialog } from './conflict-dialog.tsx'
import {
  differing,
  patchOf,
  problemsOf,
  type TextMember,
  type Values,
  valuesOf,
} from './members.ts'
import { FlagFields, ProfileFields } from './profile-fields.tsx'

/** An account as it was read, with the version that a change is meant for. */
export interface Version {
  readonly user: User
  readonly etag: string | undefined
}

const afterClickMs = 300

/** The form of an account. What is typed stays until it is saved or given up by choice. */
export function Profile({ version, isReadOnly }: { version: Version; isReadOnly: boolean }) {
  const { me, may } = useMay()
  const [base, setBase] = useState(version)
  const [values, setValues] = useState(() => valuesOf(version.user))
  const [left, setLeft] = useState<ReadonlySet<TextMember>>(new Set())
  const [served, setServed] = useState<Record<string, string>>({})
  const [theirs, setTheirs] = useState<Version>()
  const form = useRef<HTMLFormElement>(null)
  const changed = differing(valuesOf(base.user), values)
  const isDirty = changed.length > 0

  // What others have changed shows at once, unless something is being typed here.
  if (!isDirty && version.etag !== base.etag) take(version)

  const found = problemsOf(rules.UserPatch, values)
  const shown = Object.fromEntries(
    Object.entries(found).filter(([name]) => left.has(name as TextMember)),
  )
  const problems = { ...shown, ...served }

  const save = useMutation({
    mutationFn: ({ wanted, on }: { wanted: Values; on: Version }) =>
      perform(() =>
        client.users
          .update(on.user.id, patchOf(valuesOf(on.user), wanted), { ifMatch: on.etag })
          .withResponse(),
      ),
    onSuccess: async ({ data, headers }) => {
      const saved = { user: data, etag: headers.get('etag') ?? undefined }
      queryClient.setQueryData(userQuery(data.id).queryKey, saved)
      take(saved)
      setTheirs(undefined)
      notify(text.saved)
      await refreshAround(data.id)
    },
    onError: async (error) => {
      if (isApiError(error, 'precondition_failed')) return setTheirs(await fetchNewest())
      setTheirs(undefined)
      setServed(fieldProblems(error))
      focusFirstProblem()
    },
  })

  function take(next: Version) {
    setBase(next)
    setValues(valuesOf(next.user))
    setLeft(new Set())
    setServed({})
  }

  const fetchNewest = () =>
    queryClient.fetchQuery({ ...userQuery(base.user.id), staleTime: 0 }) as Promise<Version>

  function change(changes: Partial<Values>) {
    setValues((known) => ({ ...known, ...changes }))
    setServed((known) => without(known, Object.keys(changes)))
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    if (save.isPending || isReadOnly) return
    setLeft(new Set(Object.keys(found) as TextMember[]))
    const count = Object.keys(found).length
    if (count > 0) {
      announce(text.problems(count))
      return focusFirstProblem()
    }
    if (isDirty) save.mutate({ wanted: values, on: base })
  }

  /** After the problems have been drawn. */
  function focusFirstProblem() {
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
  }

  return (
    <section className="card" aria-labelledby="profile">
      <header>
        <h2 id="profile">{text.profile}</h2>
      </header>
      <form ref={form} className="stack loose" onSubmit={submit} noValidate>
        <ProfileFields
          values={values}
          problems={problems}
          changed={changed}
          isReadOnly={isReadOnly}
          onChange={change}
          onLeave={(member) =>
            // A problem that appears moves the button away from under the click that left the field.
            setTimeout(() => setLeft((known) => new Set([...known, member])), afterClickMs)
          }
        />
        <FlagFields
          values={values}
          problems={problems}
          changed={changed}
          maySetStaff={!isReadOnly && may('users.update')}
          maySetSuperuser={!isReadOnly && me.is_superuser}
          onChange={change}
        />
        {!theirs && <ErrorNote error={isShownAtFields(save.error) ? undefined : save.error} />}
        {!isReadOnly && (
          <div className="row end">
            {isDirty && <Button onClick={() => take(base)}>{commonText.discard}</Button>}
            <Button type="submit" look="primary" isBusy={save.isPending} isOff={!isDirty}>
              {text.save}
            </Button>
          </div>
        )}
      </form>
      <LeaveGuard isDirty={isDirty} />
      {theirs && (
        <ConflictDialog
          base={valuesOf(base.user)}
          mine={values}
          theirs={valuesOf(theirs.user)}
          isBusy={save.isPending}
          onGiveUp={() => {
            take(theirs)
            setTheirs(undefined)
          }}
          onClose={() => setTheirs(undefined)}
          onChoose={(chosen) => {
            setBase(theirs)
            setValues(chosen)
            if (differing(valuesOf(theirs.user), chosen).length === 0) setTheirs(undefined)
            else save.mutate({ wanted: chosen, on: theirs })
          }}
        />
      )}
    </section>
  )
}

async function refreshAround(id: string) {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ['user', id, 'activity'] }),
    refreshUsers(),
  ])
}

function isShownAtFields(error: unknown): boolean {
  return isApiError(error, 'validation_failed') && error.fields.length > 0
}

function without<T>(known: Record<string, T>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(known).filter(([name]) => !names.includes(name)))
}
