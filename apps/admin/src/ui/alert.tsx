import type { ReactNode } from 'react'

/** Says at once what went wrong, to those who hear the page too; nothing while there is nothing. */
export function Alert({ children }: { children?: ReactNode }) {
  // The region stands before its text comes: only then do all readers speak it.
  return <div role="alert">{children && <p className="alert">{children}</p>}</div>
}
