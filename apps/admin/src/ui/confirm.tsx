import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { isCancelled } from '../errors.ts'
import { perform } from '../session/perform.ts'
import { commonText } from '../text/common.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Field } from './field.tsx'
import { ErrorNote } from './states.tsx'

interface ConfirmProps {
  readonly title: string
  readonly text: ReactNode
  readonly button: string
  readonly isDanger?: boolean
  /** What has to be typed before it goes on, with what asks for it. */
  readonly typed?: { readonly label: string; readonly word: string }
  readonly children?: ReactNode
  /** Does it; the dialog shows what went wrong, and may be tried again. */
  readonly work: () => PromiseLike<unknown>
  readonly onDone: () => unknown
  readonly onClose: () => void
}

/** Asks before something is done, does it, and stays open if it fails. */
export function Confirm(props: ConfirmProps) {
  const { title, text, button, isDanger, typed, children, work, onDone, onClose } = props
  const [given, setGiven] = useState('')
  const run = useMutation({ mutationFn: () => perform(work), onSuccess: onDone })
  const isReady = !typed || given === typed.word

  function submit(event: FormEvent) {
    event.preventDefault()
    if (isReady && !run.isPending) run.mutate()
  }

  return (
    <Dialog title={title} description={text} isAlert onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {children}
        {typed && (
          <Field label={typed.label}>
            {(attributes) => (
              <input
                {...attributes}
                className="input"
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                placeholder={typed.word}
                value={given}
                onChange={({ target }) => setGiven(target.value)}
              />
            )}
          </Field>
        )}
        <ErrorNote error={isCancelled(run.error) ? undefined : run.error} />
        <footer>
          <Button onClick={onClose}>{commonText.cancel}</Button>
          <Button
            type="submit"
            look={isDanger ? 'danger primary' : 'primary'}
            isBusy={run.isPending}
            isOff={!isReady}
          >
            {button}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
