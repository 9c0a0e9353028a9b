import type { Principal } from '../sessions/principal.ts'

/** Where a request comes from: noted in the audit trail with whatever it changes. */
export interface Origin {
  readonly ip: string | null
  readonly userAgent: string | null
  readonly requestId: string | null
}

/** The command line. */
export const operator: Origin = { ip: null, userAgent: null, requestId: null }

/** Whether somebody signed in does it, or only a request comes from somewhere. */
export function isSignedIn(by: Principal | Origin): by is Principal {
  return 'session' in by
}
