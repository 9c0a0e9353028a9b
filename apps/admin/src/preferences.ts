import { createStore } from './store.ts'

/** What a person likes, of this browser; nothing secret. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark'
  /** Whether single keys do something (WCAG 2.1.4 wants a way to turn them off). */
  readonly singleKeys: boolean
  /** The columns of the table of users. */
  readonly userColumns: readonly string[]
  /** How many rows to a page. */
  readonly pageSize: number
}

const key = 'rollcall-admin'

const defaults: Preferences = {
  theme: 'system',
  singleKeys: true,
  userColumns: ['name', 'email', 'status', 'roles', 'date_joined', 'last_login'],
  pageSize: 50,
}

export const preferences = createStore<Preferences>(load())

preferences.subscribe(save)

export function prefer(change: Partial<Preferences>) {
  preferences.update((known) => ({ ...known, ...change }))
}

/** Signing out clears what the browser keeps of this origin, these harmless ones too. */
export function save() {
  try {
    localStorage.setItem(key, JSON.stringify(preferences.get()))
  } catch {
    // A browser that keeps nothing: they last as long as the page.
  }
}

function load(): Preferences {
  try {
    return { ...defaults, ...valid(JSON.parse(localStorage.getItem(key) ?? '{}')) }
  } catch {
    return defaults
  }
}

/** Of what was kept, perhaps by another version, only what still fits. */
function valid(kept: Partial<Preferences>): Partial<Preferences> {
  return Object.fromEntries(
    Object.entries(kept).filter(([name, value]) => {
      const fallback = defaults[name as keyof Preferences]
      return typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback)
    }),
  )
}
