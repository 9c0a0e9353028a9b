import type { Permission } from '@rollcall/sdk'
import { type ReactNode, useEffect, useState } from 'react'
import { explain, isCancelled } from '../errors.ts'
import { commonText as text } from '../text/common.ts'
import { errorText } from '../text/errors.ts'
import { Button } from './button.tsx'

const slowMs = 4_000

/** The place of something that is still to come; says so when it takes long. */
export function Loading({ label = text.loading, lines = 3 }: { label?: string; lines?: number }) {
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), slowMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div role="status">
      <span className="visually-hidden">{label}</span>
      <div className="skeleton" aria-hidden="true">
        {Array.from({ length: lines }, (_, line) => (
          <span key={line} />
        ))}
      </div>
      {isSlow && <p className="muted small">{text.slow}</p>}
    </div>
  )
}

/** What went wrong, with the way on. */
export function ErrorState(props: { error: unknown; retry?: () => unknown; isInline?: boolean }) {
  const { error, retry, isInline } = props
  const { title, detail, requestId, kind } = explain(error)
  const canRetry = retry && (kind === 'failed' || kind === 'offline')
  return (
    <div role="alert" className={isInline ? 'state inline' : 'state'}>
      <h2>{title}</h2>
      <p>{detail}</p>
      {requestId && <p className="small mono">{errorText.request(requestId)}</p>}
      {canRetry && <Button onClick={() => retry()}>{errorText.retry}</Button>}
    </div>
  )
}

/** An error of something that the person just did, beside it. */
export function ErrorNote({ error }: { error: unknown }) {
  // The region stands before its text comes: only then do all readers speak it.
  return (
    <div role="alert">{error && !isCancelled(error) ? <ErrorCard error={error} /> : undefined}</div>
  )
}

function ErrorCard({ error }: { error: unknown }) {
  const { title, detail, requestId } = explain(error)
  return (
    <div className="alert">
      <strong>{title}</strong>
      <span>{detail}</span>
      {requestId && <span className="small mono muted">{errorText.request(requestId)}</span>}
    </div>
  )
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state">
      <h2>{title}</h2>
      {children}
    </div>
  )
}

export function Forbidden({ permission }: { permission: Permission }) {
  return (
    <div className="state">
      <h1 tabIndex={-1}>{text.forbidden.title}</h1>
      <p>{text.forbidden.text(permission)}</p>
    </div>
  )
}
