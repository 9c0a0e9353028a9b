import type { OneTimeLink } from '@rollcall/sdk'
import { userText } from '../../text/user.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Instant } from '../../ui/instant.tsx'

const text = userText.link

/** A one-time link: shown once, kept nowhere. */
export function LinkDialog({ link, onClose }: { link: OneTimeLink; onClose: () => void }) {
  return (
    <Dialog title={text.title} description={text.text} onClose={onClose}>
      <Field label={text.url}>
        {(attributes) => (
          <input
            {...attributes}
            className="input mono"
            readOnly
            value={link.url}
            onFocus={({ target }) => target.select()}
          />
        )}
      </Field>
      <p className="muted">
        {text.expires} <Instant at={link.expires_at} />
      </p>
      <footer>
        <CopyButton value={link.url} what={text.url} />
        <Button look="primary" onClick={onClose}>
          {text.done}
        </Button>
      </footer>
    </Dialog>
  )
}
