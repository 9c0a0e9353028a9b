import { type RefObject, useState } from 'react'
import { sessionText } from '../text/common.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'

const text = sessionText.signIn

/** A password, masked until its owner wants to see it (ASVS 6.2.6, 6.2.7). */
export function PasswordField(props: {
  label: string
  inputRef: RefObject<HTMLInputElement | null>
}) {
  const { label, inputRef } = props
  const [isShown, setShown] = useState(false)
  return (
    <Field label={label}>
      {(attributes) => (
        <div className="with-button">
          <input
            {...attributes}
            ref={inputRef}
            className="input"
            name="password"
            type={isShown ? 'text' : 'password'}
            autoComplete="current-password"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={128}
          />
          <Button
            aria-label={isShown ? text.hidePassword : text.showPassword}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? text.hide : text.show}
          </Button>
        </div>
      )}
    </Field>
  )
}
