import { lazy, type ReactNode, Suspense, useState } from 'react'

export interface MenuEntry {
  readonly label: string
  readonly onSelect: () => void
  readonly isDanger?: boolean
  /** Whether it is on, for an item that is switched. */
  readonly isOn?: boolean
}

const load = () => import('./radix-menu.tsx')
const RadixMenu = lazy(async () => ({ default: (await load()).RadixMenu }))

/** A menu that opens at its button; it is fetched when somebody reaches for it. */
export function Menu({ label, items }: { label: ReactNode; items: readonly MenuEntry[] }) {
  const [isWanted, setWanted] = useState(false)
  const button = (
    <button
      type="button"
      className="button"
      aria-haspopup="menu"
      onPointerEnter={load}
      onFocus={load}
      onClick={() => setWanted(true)}
    >
      {label}
      <span aria-hidden="true">▾</span>
    </button>
  )
  if (!isWanted) return button
  return (
    <Suspense fallback={button}>
      <RadixMenu label={label} items={items} />
    </Suspense>
  )
}
