import { isApiError, type OneTimeLink, type User } from '@rollcall/sdk'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { client } from '../../client.ts'
import { fieldProblems } from '../../errors.ts'
import { rules } from '../../generated/rules.gen.ts'
import { announce, notify } from '../../notices.ts'
import { refreshUsers } from '../../queries.ts'
import { useMay } from '../../session/me.ts'
import { perform } from '../../session/perform.ts'
import { newUserText as text, userText } from '../../text/user.ts'
import { usersText } from '../../text/users.ts'
import { Button } from '../../ui/button.tsx'
import { LeaveGuard } from '../../ui/leave-guard.tsx'
import { Page } from '../../ui/page.tsx'
import { ErrorNote, Forbidden } from '../../ui/states.tsx'
import { LinkDialog } from '../user/link-dialog.tsx'
import { emptyValues, givenTexts, problemsOf, type Values } from '../user/members.ts'
import { FlagFields, ProfileFields } from '../user/profile-fields.tsx'

interface Made {
  readonly user: User
  readonly link?: OneTimeLink
}

export function NewUserPage() {
  const { may } = useMay()
  if (!may('users.create')) return <Forbidden permission="users.create" />
  return (
    <Page title={text.title} parent={{ to: '/users', title: usersText.title }}>
      <NewUserForm />
    </Page>
  )
}

function NewUserForm() {
  const { me, may } = useMay()
  const navigate = useNavigate()
  const [values, setValues] = useState<Values>(emptyValues)
  const [isTried, setTried] = useState(false)
  const [served, setServed] = useState<Record<string, string>>({})
  const [made, setMade] = useState<Made>()
  const form = useRef<HTMLFormElement>(null)

  const found = problemsOf(rules.NewUser, values)
  const problems = { ...(isTried && found), ...served }
  const isDirty = !made && JSON.stringify(values) !== JSON.stringify(emptyValues)

  const create = useMutation({
    mutationFn: () => perform(make),
    onSuccess: async (done) => {
      setMade(done)
      notify(text.created(done.user.username))
      await refreshUsers()
      if (!done.link) await leave(done.user)
    },
    onError: (error) => {
      setServed(fieldProblems(error))
      focusFirstProblem()
    },
  })

  async function make(): Promise<Made> {
    // The two texts that are needed are there: the form has been checked.
    const texts = { username: '', email: '', ...givenTexts(values) }
    const { is_staff, is_superuser } = values
    if (!is_staff && !is_superuser) return client.invitations.create(texts)
    const user = await client.users.create({ ...texts, is_staff, is_superuser })
    // The account is there now: where its link fails, its page offers another.
    const link = await client.users.passwordLink(user.id).safe()
    return link.ok ? { user, link: link.data } : { user }
  }

  const leave = (user: User) =>
    navigate({ to: '/users/$id', params: { id: user.id }, ignoreBlocker: true })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (create.isPending) return
    setTried(true)
    const count = Object.keys(found).length
    if (count === 0) return create.mutate()
    announce(userText.problems(count))
    focusFirstProblem()
  }

  function focusFirstProblem() {
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
  }

  function change(changes: Partial<Values>) {
    setValues((known) => ({ ...known, ...changes }))
    forget(Object.keys(changes))
  }

  /** What the server said of a field holds until the field is changed. */
  function forget(names: readonly string[]) {
    setServed((known) =>
      Object.fromEntries(Object.entries(known).filter(([name]) => !names.includes(name))),
    )
  }

  const isAtFields = isApiError(create.error, 'validation_failed') && create.error.fields.length > 0
  return (
    <form ref={form} className="card stack loose narrow-form" onSubmit={submit} noValidate>
      <ProfileFields values={values} problems={problems} onChange={change} />
      <FlagFields
        values={values}
        problems={problems}
        maySetStaff={may('users.update')}
        maySetSuperuser={me.is_superuser}
        onChange={change}
      />
      <p className="muted">{text.how}</p>
      <ErrorNote error={isAtFields ? undefined : create.error} />
      <div className="row end">
        <Button type="submit" look="primary" isBusy={create.isPending}>
          {text.submit}
        </Button>
      </div>
      <LeaveGuard isDirty={isDirty} />
      {made?.link && <LinkDialog link={made.link} onClose={() => leave(made.user)} />}
    </form>
  )
}
