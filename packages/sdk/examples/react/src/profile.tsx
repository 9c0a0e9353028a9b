import { isApiError } from '@rollcall/sdk'
import { useUser } from '@rollcall/sdk/react'
import { client } from './client'
import { Failure, Field, text, useSubmit } from './form'

export function Profile() {
  const user = useUser()
  const { error, isPending, onSubmit } = useSubmit(save)
  if (!user) return null
  const mustProve =
    isApiError(error, 'reauthentication_required') || isApiError(error, 'password_incorrect')
  return (
    <form onSubmit={onSubmit}>
      <h2>Hello, {user.first_name ?? user.username}</h2>
      <Field
        label="First name"
        name="first_name"
        defaultValue={user.first_name ?? ''}
        error={error}
      />
      <Field label="E-mail" name="email" defaultValue={user.email} error={error} />
      {mustProve && <Field label="Password" name="password" type="password" error={error} />}
      <Failure error={error} />
      <button type="submit" disabled={isPending}>
        Save
      </button>
      <button type="button" onClick={() => client.auth.signOut()}>
        Sign out
      </button>
    </form>
  )
}

async function save(form: FormData) {
  const password = text(form, 'password')
  if (password) {
    const proof = await client.auth.reauthenticate({ password }).safe()
    if (!proof.ok) return proof.error
  }
  const change = { first_name: text(form, 'first_name'), email: text(form, 'email') }
  return (await client.users.updateMe(change).safe()).error
}
