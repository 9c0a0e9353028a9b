import { useEffect, useRef } from 'react'
import { preferences } from '../preferences.ts'

export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>

/** How long the second key of a pair may take, in milliseconds. */
const pairMs = 1_500

/**
 * Does something on a single key, or on two in a row (`g u`), but not while text is typed or a
 * dialog is open, and not at all for those who turned it off.
 */
export function useShortcuts(shortcuts: Shortcuts) {
  const newest = useRef(shortcuts)
  newest.current = shortcuts
  useEffect(() => {
    let first = { key: '', at: 0 }
    function press(event: KeyboardEvent) {
      if (!isMeant(event)) return
      const isPair = Date.now() - first.at < pairMs
      const action =
        (isPair && newest.current[`${first.key} ${event.key}`]) || newest.current[event.key]
      first = { key: event.key, at: Date.now() }
      if (!action) return
      event.preventDefault()
      action(event)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}

const typing = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]'
const open = '[role=dialog], [role=alertdialog], [role=menu]'

function isMeant(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false
  if (!preferences.get().singleKeys) return false
  const { target } = event
  if (target instanceof Element && target.matches(typing)) return false
  return document.querySelector(open) === null
}
