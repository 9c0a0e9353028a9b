import * as Radix from '@radix-ui/react-dropdown-menu'
import type { ReactNode } from 'react'
import type { MenuEntry } from './menu.tsx'

/**
 * A menu that opens at its button. It is not modal: a modal one would write styles into the page,
 * which the policy forbids.
 */
export function RadixMenu({ label, items }: { label: ReactNode; items: readonly MenuEntry[] }) {
  return (
    <Radix.Root modal={false} defaultOpen>
      <Radix.Trigger className="button">
        {label}
        <span aria-hidden="true">▾</span>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" align="end" sideOffset={4} collisionPadding={8}>
          {items.map((item) =>
            item.isOn === undefined ? (
              <Item key={item.label} {...item} />
            ) : (
              <Check key={item.label} {...item} />
            ),
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Item({ label, isDanger, onSelect }: MenuEntry) {
  return (
    <Radix.Item className={isDanger ? 'menu-item danger' : 'menu-item'} onSelect={onSelect}>
      {label}
    </Radix.Item>
  )
}

/** An item that is on or off, and leaves the menu open. */
function Check({ label, isOn, onSelect }: MenuEntry) {
  return (
    <Radix.CheckboxItem
      className="menu-item"
      checked={isOn}
      onSelect={(event) => event.preventDefault()}
      onCheckedChange={onSelect}
    >
      {label}
      <span className="tick" aria-hidden="true">
        {isOn && '✓'}
      </span>
    </Radix.CheckboxItem>
  )
}
