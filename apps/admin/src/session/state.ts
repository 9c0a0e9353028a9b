import { calls } from '../calls.ts'
import { client } from '../client.ts'
import { save as savePreferences } from '../preferences.ts'
import { queryClient } from '../queries.ts'
import { createStore } from '../store.ts'

/** Whether somebody is signed in: not known at first, since no script sees the cookie. */
export type SessionState = 'unknown' | 'out' | 'in' | 'unreachable'

export const sessionState = createStore<SessionState>('unknown')

/** Finds out whether the cookie of an earlier visit still holds a session. */
export async function resume() {
  sessionState.set('unknown')
  try {
    sessionState.set((await client.auth.isSignedIn()) ? 'in' : 'out')
  } catch {
    sessionState.set('unreachable')
  }
}

/** The account is no staff: the panel is not for it. */
export class NotStaffError extends Error {
  override readonly name = 'NotStaffError'
}

/** Signs in, but lets nobody in who is not staff. */
export async function signIn(username: string, password: string) {
  await client.auth.signIn({ username, password })
  const me = await client.users.me()
  if (!me.is_staff && !me.is_superuser) {
    await client.auth.signOut().catch(() => {})
    savePreferences()
    throw new NotStaffError()
  }
  queryClient.setQueryData(['me'], me)
  return me
}

/** Signs out, and forgets all that the panel knew. */
export async function signOut() {
  await client.auth.signOut().catch(() => {})
  forget()
}

/** The same where the session is over already. */
export function forget() {
  savePreferences()
  queryClient.clear()
  calls.set([])
  sessionState.set('out')
}
