'use client'

import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useSyncExternalStore,
} from 'react'
import type { Auth } from '../auth.ts'
import type { AuthState, Me } from '../auth-state.ts'
import { can } from '../can.ts'
import type { Client } from '../client.ts'
import type { Permission } from '../generated/types.gen.ts'

/** A client that people sign in with; `createClient` makes one. */
export interface SessionClient {
  readonly auth: Auth
}

export interface RollcallProviderProps {
  readonly client: SessionClient
  /** What the server has rendered by: it holds until the client knows better. */
  readonly initialState?: AuthState
  readonly children?: ReactNode
}

const nothingKnown: AuthState = { status: 'unknown', user: undefined }

const Context = createContext<Required<Omit<RollcallProviderProps, 'children'>> | null>(null)

/** Gives the components below it the client. It sends nothing. */
export function RollcallProvider(props: RollcallProviderProps): ReactElement {
  const { client, initialState = nothingKnown, children } = props
  const value = useMemo(() => ({ client, initialState }), [client, initialState])
  return createElement(Context.Provider, { value }, children)
}

/** The client of the provider above; name its type where it is made of some parts alone. */
export function useClient<C extends SessionClient = Client>(): C {
  // The provider was given it by the same application.
  return useProvided().client as C
}

/**
 * Who is signed in; `unknown` on the server, while a page starts, and in cookie mode until the
 * first call that needs a token. Rendered anew when that changes, also in another tab.
 */
export function useSession(): AuthState {
  const { client, initialState } = useProvided()
  const { auth } = client
  return useSyncExternalStore(
    useCallback((onChange) => auth.onChange(onChange), [auth]),
    () => (auth.state().status === 'unknown' ? initialState : auth.state()),
    () => initialState,
  )
}

/** The own account, once it was loaded: see `client.auth.loadUser`. */
export function useUser(): Me | undefined {
  return useSession().user
}

/**
 * Whether the own account may do this; `false` until it is loaded. It is for what a page offers:
 * the server decides.
 */
export function useCan(permission: Permission): boolean {
  return can(useUser(), permission)
}

/** Its children, while somebody is signed in. */
export function SignedIn({ children }: { readonly children?: ReactNode }): ReactNode {
  return useSession().status === 'signed_in' ? children : null
}

/** Its children, while it is known that nobody is signed in. */
export function SignedOut({ children }: { readonly children?: ReactNode }): ReactNode {
  return useSession().status === 'signed_out' ? children : null
}

function useProvided() {
  const provided = useContext(Context)
  if (!provided) throw new Error('Put a <RollcallProvider client={client}> around this component.')
  return provided
}
