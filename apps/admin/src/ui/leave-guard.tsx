import { useBlocker } from '@tanstack/react-router'
import { commonText } from '../text/common.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

const text = commonText.unsaved

/** Asks before a page with unsaved changes is left, also by a reload. */
export function LeaveGuard({ isDirty }: { isDirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: () => isDirty,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  return (
    <Dialog title={text.title} description={text.text} isAlert onClose={blocker.reset}>
      <footer>
        <Button onClick={blocker.proceed}>{text.leave}</Button>
        <Button look="primary" onClick={blocker.reset}>
          {text.stay}
        </Button>
      </footer>
    </Dialog>
  )
}
