import type { ComponentProps } from 'react'

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: 'primary' | 'danger' | 'danger primary' | 'quiet'
  /** Under way: it keeps the focus, and does nothing more. */
  readonly isBusy?: boolean
  /** Not possible just now; it can still be reached, so that people learn that it is there. */
  readonly isOff?: boolean
  readonly isTight?: boolean
}

export function Button(props: ButtonProps) {
  const { look, isBusy, isOff, isTight, className, children, onClick, ...rest } = props
  const classes = ['button', look, isTight && 'tight', className].filter(Boolean).join(' ')
  return (
    <button
      type="button"
      {...rest}
      className={classes}
      aria-busy={isBusy || undefined}
      aria-disabled={isBusy || isOff || undefined}
      onClick={(event) => {
        if (isBusy || isOff) return event.preventDefault()
        onClick?.(event)
      }}
    >
      {isBusy && <span className="spinner" aria-hidden="true" />}
      {children}
    </button>
  )
}
