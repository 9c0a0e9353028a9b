import { isApiError } from '@rollcall/sdk'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { client } from '../client.ts'
import { explain } from '../errors.ts'
import { formatAgo } from '../format.ts'
import { commonText, sessionText } from '../text/common.ts'
import { Alert } from '../ui/alert.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { FirstRun } from './first-run.tsx'
import { GateCard } from './gate-card.tsx'
import { PasswordField } from './password-field.tsx'
import { setupQuery } from './setup.ts'
import { NotStaffError, sessionState, signIn } from './state.ts'

const text = sessionText.signIn

/** The way in; before the first superuser it says how to make one. */
export function SignInPage() {
  const { data: setup } = useQuery(setupQuery)
  useEffect(() => {
    document.title = commonText.titled(text.title)
  }, [])
  return <GateCard>{setup?.needs_superuser ? <FirstRun /> : <SignInForm />}</GateCard>
}

function SignInForm() {
  const name = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  useEffect(() => name.current?.focus(), [])

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (isBusy) return
    const [given, secret] = [name.current?.value ?? '', password.current?.value ?? '']
    if (!given || !secret) return setProblem(text.missing)
    setBusy(true)
    setProblem(undefined)
    try {
      await signIn(given, secret)
      sessionState.set('in')
    } catch (error) {
      setProblem(await explainSignIn(error))
      password.current?.select()
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <div>
        <h1>{text.title}</h1>
        <p className="muted">{text.lead}</p>
      </div>
      <form className="stack" onSubmit={submit} noValidate>
        <Alert>{problem}</Alert>
        <Field label={text.username}>
          {(attributes) => (
            <input
              {...attributes}
              ref={name}
              className="input"
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={254}
            />
          )}
        </Field>
        <PasswordField label={text.password} inputRef={password} />
        <Button type="submit" look="primary" isBusy={isBusy} className="wide">
          {isBusy ? text.busy : text.submit}
        </Button>
      </form>
    </>
  )
}

/** The same words whether the name or the password is wrong. */
export async function explainSignIn(error: unknown): Promise<string> {
  if (error instanceof NotStaffError) return text.notStaff
  if (isApiError(error, 'no_active_account')) return text.wrong
  if (isApiError(error, 'validation_failed')) return text.wrong
  if (isApiError(error, 'throttled')) {
    return text.wait(
      formatAgo(new Date(Date.now() + (error.retryAfter ?? 1) * 1_000).toISOString()),
    )
  }
  if (isApiError(error, 'permission_denied')) return `${text.wrongOrigin} ${await publicAddress()}`
  const { title, detail } = explain(error)
  return `${title}. ${detail}`
}

/** Where the panel is meant to be opened: the server refuses its cookie to other addresses. */
async function publicAddress(): Promise<string> {
  const { index } = await client.index()
  return index ? new URL('../admin/', index.href).href : ''
}
