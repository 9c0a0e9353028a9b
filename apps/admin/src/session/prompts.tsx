import { isApiError } from '@rollcall/sdk'
import { type FormEvent, useRef, useState } from 'react'
import { client } from '../client.ts'
import { fieldProblems } from '../errors.ts'
import { useStore } from '../store.ts'
import { commonText, sessionText } from '../text/common.ts'
import { Alert } from '../ui/alert.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { type Need, type Question, question } from './ask.ts'
import { PasswordField } from './password-field.tsx'
import { explainSignIn } from './sign-in-page.tsx'
import { forget, signIn } from './state.ts'

interface Person {
  readonly username?: string
  readonly id?: string
}

/** Asks over the page for what the server wants before it goes on. */
export function Prompts(person: Person) {
  const asked = useStore(question)
  return asked && <Prompt key={asked.need} asked={asked} person={person} />
}

function Prompt({ asked, person }: { asked: Question; person: Person }) {
  // A session may end while a proof is being asked for: signing in is a proof too.
  const [need, setNeed] = useState<Need>(asked.need)
  const name = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const isSignIn = need === 'sign-in'
  const words = isSignIn ? sessionText.again : sessionText.proof

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    setProblem(undefined)
    try {
      const secret = password.current?.value ?? ''
      if (isSignIn) await signInAgain(name.current?.value ?? '', secret)
      else await client.auth.reauthenticate({ password: secret })
      asked.done()
    } catch (error) {
      if (!isSignIn && isApiError(error, 'token_not_valid')) setNeed('sign-in')
      else setProblem(isSignIn ? await explainAgain(error) : await explainProof(error))
      password.current?.select()
    } finally {
      setBusy(false)
    }
  }

  async function signInAgain(username: string, secret: string) {
    const me = await signIn(username, secret)
    if (person.id === undefined || me.id === person.id) return
    await client.auth.signOut().catch(() => {})
    throw new OtherPersonError()
  }

  function leave() {
    asked.cancel()
    if (isSignIn) forget()
  }

  return (
    <Dialog title={words.title} description={words.text} onClose={isSignIn ? undefined : leave}>
      <form className="stack" onSubmit={submit} noValidate>
        <Alert>{problem}</Alert>
        <Field label={sessionText.signIn.username}>
          {(attributes) => (
            <input
              {...attributes}
              ref={name}
              className="input"
              name="username"
              autoComplete="username"
              defaultValue={person.username}
              readOnly={person.username !== undefined}
            />
          )}
        </Field>
        <PasswordField label={sessionText.signIn.password} inputRef={password} />
        <footer>
          <Button onClick={leave}>{isSignIn ? sessionText.again.other : commonText.cancel}</Button>
          <Button type="submit" look="primary" isBusy={isBusy}>
            {isSignIn ? sessionText.signIn.submit : sessionText.proof.submit}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

class OtherPersonError extends Error {}

async function explainAgain(error: unknown): Promise<string> {
  return error instanceof OtherPersonError
    ? sessionText.again.otherPerson
    : await explainSignIn(error)
}

async function explainProof(error: unknown): Promise<string> {
  return 'password' in fieldProblems(error) ? sessionText.proof.wrong : await explainSignIn(error)
}
