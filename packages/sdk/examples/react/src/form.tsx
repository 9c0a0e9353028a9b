import { type CallError, isApiError } from '@rollcall/sdk'
import { type ComponentProps, type SubmitEvent, useState } from 'react'

/** What a form needs that sends something, and is answered with what went wrong. */
export function useSubmit(send: (form: FormData) => Promise<CallError | undefined>) {
  const [error, setError] = useState<CallError>()
  const [isPending, setIsPending] = useState(false)

  async function onSubmit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    setIsPending(true)
    setError(await send(new FormData(event.currentTarget)))
    setIsPending(false)
  }

  return { error, isPending, onSubmit }
}

/** An input with its label, and what the server finds wrong with it. */
export function Field(props: ComponentProps<'input'> & { label: string; error?: CallError }) {
  const { label, error, ...input } = props
  const problem = isApiError(error) ? error.field(String(input.name)) : undefined
  return (
    <label>
      {label} <input {...input} aria-invalid={problem !== undefined} />
      {problem && <em>{problem.detail}</em>}
    </label>
  )
}

/** What went wrong, unless it stands at the fields. */
export function Failure({ error }: { error?: CallError }) {
  if (!error || isApiError(error, 'validation_failed')) return null
  return <p role="alert">{isApiError(error) ? error.detail : 'No connection. Try again.'}</p>
}

export function text(form: FormData, name: string): string {
  return String(form.get(name) ?? '')
}
