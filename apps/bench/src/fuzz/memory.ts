import type { Memory } from './values.ts'

/** So many of each are remembered; what is older may be gone. */
const rememberedValues = 40

/** Names whose values make later requests meet what exists. */
const names = new Set(['id', 'username', 'email', 'name', 'refresh', 'phone_number'])

/** Remembers what answers hold, but for what belongs to who must stay. */
export function createMemory(protectedPrefix: string) {
  const values = new Map<string, string[]>()

  function remember(name: string, value: string) {
    const known = values.get(name) ?? []
    known.push(value)
    if (known.length > rememberedValues) known.shift()
    values.set(name, known)
  }

  function learn(value: unknown) {
    if (typeof value !== 'object' || value === null) return
    if ('username' in value && String(value.username).startsWith(protectedPrefix)) return
    for (const [name, member] of Object.entries(value)) {
      if (typeof member !== 'string') learn(member)
      else if (names.has(name)) remember(name, member)
      else if (name === 'access' || name === 'refresh') remember('token', member)
      else if (name === 'url') remember('token', member.split('#')[1] ?? '')
      else if (name === 'next' || name === 'previous') rememberCursor(member)
    }
  }

  /** Lists answer the URL of a page, and calls for many accounts the cursor alone. */
  function rememberCursor(next: string) {
    const cursor = URL.canParse(next) ? new URL(next).searchParams.get('cursor') : next
    if (cursor) remember('cursor', cursor)
  }

  return { values: values as Memory, learn, remember }
}
