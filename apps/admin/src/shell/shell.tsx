import { Outlet, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { preferences } from '../preferences.ts'
import { Gate } from '../session/gate.tsx'
import { useStore } from '../store.ts'
import { commonText, shellText } from '../text/common.ts'
import { Notices } from '../ui/notices.tsx'
import { useIsOnline } from './connection.ts'
import { ShortcutList } from './shortcut-list.tsx'
import { useShortcuts } from './shortcuts.ts'
import { Side } from './side.tsx'

/** What is around every page. */
export function Shell() {
  const { theme } = useStore(preferences)
  useEffect(() => {
    if (theme === 'system') document.documentElement.removeAttribute('data-theme')
    else document.documentElement.setAttribute('data-theme', theme)
  }, [theme])
  return (
    <>
      <Gate>
        <Frame />
      </Gate>
      <Notices />
    </>
  )
}

function Frame() {
  const navigate = useNavigate()
  const [isListOpen, setListOpen] = useState(false)
  const isOnline = useIsOnline()
  useShortcuts({
    '?': () => setListOpen(true),
    'g o': () => navigate({ to: '/' }),
    'g u': () => navigate({ to: '/users' }),
    'g r': () => navigate({ to: '/roles' }),
    'g a': () => navigate({ to: '/audit' }),
  })
  return (
    <>
      <button type="button" className="skip" onClick={focusContent}>
        {commonText.skip}
      </button>
      <div className="shell">
        <Side onShowKeys={() => setListOpen(true)} />
        <main id="content" tabIndex={-1}>
          <div role="status">{!isOnline && <p className="banner">{shellText.offline}</p>}</div>
          <div className="page">
            <Outlet />
          </div>
        </main>
      </div>
      {isListOpen && <ShortcutList onClose={() => setListOpen(false)} />}
    </>
  )
}

/** A link would change the address, which says what the page shows. */
function focusContent() {
  document.getElementById('content')?.focus()
}
