import { client } from './client'
import { Failure, Field, text, useSubmit } from './form'

export function SignIn() {
  const { error, isPending, onSubmit } = useSubmit(signIn)
  return (
    <form onSubmit={onSubmit}>
      <h2>Sign in</h2>
      <Field label="Name or e-mail" name="username" autoComplete="username" error={error} />
      <Field label="Password" name="password" type="password" error={error} />
      <Failure error={error} />
      <button type="submit" disabled={isPending}>
        Sign in
      </button>
    </form>
  )
}

async function signIn(form: FormData) {
  const credentials = { username: text(form, 'username'), password: text(form, 'password') }
  return (await client.auth.signIn(credentials).safe()).error
}
