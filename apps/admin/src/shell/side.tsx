import type { Permission } from '@rollcall/sdk'
import { Link, useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import iconUrl from '../icon.svg'
import { type Preferences, prefer, preferences } from '../preferences.ts'
import { useMay } from '../session/me.ts'
import { signOut } from '../session/state.ts'
import { useStore } from '../store.ts'
import { commonText, shellText as text } from '../text/common.ts'
import { Button } from '../ui/button.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'

interface Entry {
  readonly to: string
  readonly icon: IconName
  readonly permission?: Permission
}

const entries: readonly Entry[] = [
  { to: '/', icon: 'overview' },
  { to: '/users', icon: 'users', permission: 'users.view' },
  { to: '/roles', icon: 'roles', permission: 'roles.view' },
  { to: '/audit', icon: 'audit', permission: 'audit.view' },
  { to: '/keys', icon: 'keys' },
  { to: '/api', icon: 'api' },
]

/** The way around, who is signed in, and the way out. On a phone it opens from the top. */
export function Side({ onShowKeys }: { onShowKeys: () => void }) {
  const [isOpen, setOpen] = useState(false)
  const path = useRouterState({ select: ({ location }) => location.pathname })
  useEffect(() => setOpen(false), [path])
  return (
    <header className="side">
      <div className="side-head">
        <Link to="/" className="wordmark">
          <img src={iconUrl} alt="" width="22" height="22" />
          {commonText.product}
        </Link>
        <Button className="menu-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {text.menu}
        </Button>
      </div>
      <div className="side-body" data-open={isOpen}>
        <Navigation />
        <Foot onShowKeys={onShowKeys} />
      </div>
    </header>
  )
}

function Navigation() {
  const { may } = useMay()
  return (
    <nav aria-label={text.navigation}>
      <ul>
        {entries
          .filter(({ permission }) => !permission || may(permission))
          .map(({ to, icon }) => (
            <li key={to}>
              <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
                <Icon name={icon} />
                {text.pages[icon]}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  )
}

function Foot({ onShowKeys }: { onShowKeys: () => void }) {
  const { me } = useMay()
  return (
    <div className="side-foot">
      <ThemeChoice />
      <Button look="quiet" isTight onClick={onShowKeys}>
        {text.keys} <kbd>?</kbd>
      </Button>
      <p className="who">
        <span className="muted">{text.signedInAs}</span>
        <bdi title={me.username}>{me.username}</bdi>
        <span className="muted">
          {me.is_superuser
            ? text.superuser
            : me.roles.map(({ name }) => name).join(', ') || text.staff}
        </span>
      </p>
      <Button isTight onClick={signOut}>
        {text.signOut}
      </Button>
    </div>
  )
}

function ThemeChoice() {
  const { theme } = useStore(preferences)
  return (
    <label className="theme">
      <span className="visually-hidden">{text.theme}</span>
      <select
        className="input"
        value={theme}
        onChange={({ target }) => prefer({ theme: target.value as Preferences['theme'] })}
      >
        {Object.entries(text.themes).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}
