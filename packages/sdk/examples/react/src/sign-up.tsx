import { client } from './client'
import { Failure, Field, text, useSubmit } from './form'

export function SignUp() {
  const { error, isPending, onSubmit } = useSubmit(signUp)
  return (
    <form onSubmit={onSubmit}>
      <h2>Open an account</h2>
      <Field label="Name" name="username" autoComplete="username" error={error} />
      <Field label="E-mail" name="email" type="email" autoComplete="email" error={error} />
      <Field label="New password" name="password" type="password" error={error} />
      <Failure error={error} />
      <button type="submit" disabled={isPending}>
        Sign up
      </button>
    </form>
  )
}

async function signUp(form: FormData) {
  const username = text(form, 'username')
  const email = text(form, 'email')
  const password = text(form, 'password')
  const registered = await client.register({ username, email, password }).safe()
  if (!registered.ok) return registered.error
  return (await client.auth.signIn({ username, password }).safe()).error
}
