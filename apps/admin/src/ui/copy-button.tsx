import { useState } from 'react'
import { announce } from '../notices.ts'
import { commonText as text } from '../text/common.ts'
import { Button } from './button.tsx'

/** Copies a text; `what` names it for those who hear the page. */
export function CopyButton(props: { value: string; what: string; label?: string }) {
  const { value, what, label = text.copy } = props
  const [isCopied, setCopied] = useState(false)

  async function copy() {
    await navigator.clipboard.writeText(value)
    setCopied(true)
    announce(text.copied)
    setTimeout(() => setCopied(false), 2_000)
  }

  return (
    <Button isTight onClick={copy} aria-label={isCopied ? text.copied : text.copyOf(what)}>
      {isCopied ? text.copied : label}
    </Button>
  )
}
