import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { commonText } from '../text/common.ts'

interface PageProps {
  /** The heading, and the title of the window. */
  readonly title: string
  /** What stands in the place of the title on the page, such as a name with its marks. */
  readonly heading?: ReactNode
  readonly lead?: ReactNode
  readonly parent?: { readonly to: string; readonly title: string }
  readonly actions?: ReactNode
  readonly children: ReactNode
}

let isFirstPage = true

/** One page of the panel: the focus goes to its heading, so that a new page is heard of. */
export function Page({ title, heading, lead, parent, actions, children }: PageProps) {
  const headline = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isFirstPage) headline.current?.focus()
    isFirstPage = false
    window.scrollTo(0, 0)
  }, [])
  useEffect(() => {
    document.title = commonText.titled(title)
  }, [title])
  return (
    <>
      <header className="page-head">
        <div>
          {parent && (
            <p className="crumbs">
              <Link to={parent.to}>{parent.title}</Link> <span aria-hidden="true">/</span>
            </p>
          )}
          <h1 ref={headline} tabIndex={-1}>
            {heading ?? title}
          </h1>
          {lead && <p>{lead}</p>}
        </div>
        {actions && <div className="row">{actions}</div>}
      </header>
      {children}
    </>
  )
}
