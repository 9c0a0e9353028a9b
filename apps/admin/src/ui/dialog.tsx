import * as Radix from '@radix-ui/react-dialog'
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'

/**
 * A dialog over the page, open as long as it is rendered. Without `onClose` only what is inside
 * ends it. Radix keeps the focus in it and gives it back; its overlay would write styles into
 * the page, which the policy forbids, so the shade is ours.
 */
export function Dialog(props: {
  title: ReactNode
  description?: ReactNode
  onClose?: (() => void) | undefined
  isAlert?: boolean
  isLarge?: boolean
  children: ReactNode
}) {
  const { title, description, onClose, isAlert, isLarge, children } = props
  const [opener] = useState(findOpener)
  const shade = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => silence(shade.current), [])
  const keepOpen = (event: Event) => !onClose && event.preventDefault()
  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose?.()}>
      <Radix.Portal>
        <div ref={shade} className="shade">
          <Radix.Content
            className={isLarge ? 'dialog large' : 'dialog'}
            role={isAlert ? 'alertdialog' : 'dialog'}
            onEscapeKeyDown={keepOpen}
            onCloseAutoFocus={(event) => {
              event.preventDefault()
              giveFocusBack(opener)
            }}
            // A click beside it is no answer: what was typed would be lost.
            onPointerDownOutside={(event) => event.preventDefault()}
            onInteractOutside={(event) => event.preventDefault()}
            {...(!description && { 'aria-describedby': undefined })}
          >
            <Radix.Title>{title}</Radix.Title>
            {description && (
              <Radix.Description asChild>
                <div>{description}</div>
              </Radix.Description>
            )}
            {children}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** Makes all behind it inert, but for what speaks; answers what wakes it up again. */
function silence(shade: Element | null) {
  const others = [...document.body.children].filter(
    (each): each is HTMLElement =>
      each instanceof HTMLElement && !each.inert && each !== shade && !each.matches('.notices'),
  )
  for (const other of others) other.inert = true
  return () => {
    for (const other of others) other.inert = false
  }
}

/** What had the focus; for an item of a menu, which is gone by then, the button of the menu. */
function findOpener(): HTMLElement | null {
  const active = document.activeElement
  const menu = active?.closest('[role=menu]')?.getAttribute('aria-labelledby')
  const opener = menu ? document.getElementById(menu) : active
  return opener instanceof HTMLElement ? opener : null
}

function giveFocusBack(opener: HTMLElement | null) {
  if (opener?.isConnected) opener.focus()
  else document.getElementById('content')?.focus()
}
