import { createPortal } from 'react-dom'
import { dismiss, notices } from '../notices.ts'
import { useStore } from '../store.ts'
import { commonText } from '../text/common.ts'
import { Button } from './button.tsx'

/** The corner where the panel tells what was done. */
export function Notices() {
  const shown = useStore(notices)
  // Beside the panel and not within: it speaks while a dialog silences the rest.
  return createPortal(
    <div className="notices" role="status" aria-live="polite">
      {shown.map(({ number, text, isHeardOnly }) =>
        isHeardOnly ? (
          <p key={number} className="visually-hidden">
            {text}
          </p>
        ) : (
          <div key={number} className="notice">
            <p>
              <bdi>{text}</bdi>
            </p>
            <Button
              look="quiet"
              isTight
              aria-label={commonText.dismiss}
              onClick={() => dismiss(number)}
            >
              ×
            </Button>
          </div>
        ),
      )}
    </div>,
    document.body,
  )
}
