import type { SessionRow } from '../../db/tables.ts'
import { ProblemError } from '../../problem.ts'
import type { Principal } from './principal.ts'

/** Refuses a sensitive change by somebody who has not given the password lately (ASVS 7.5.1). */
export function requireRecent({ isRecent }: Principal): void {
  if (isRecent) return
  throw new ProblemError('reauthentication_required', {
    detail: 'Prove again who you are, at /api/token/reauthenticate/, and repeat this.',
  })
}

/** When the person gave the password last; renewing the tokens is no proof. */
export function authenticatedAt({ createdAt, reauthenticatedAt }: SessionRow): string {
  return reauthenticatedAt !== null && reauthenticatedAt > createdAt ? reauthenticatedAt : createdAt
}

/** The same in the seconds of a token; tokens of an earlier proof end with it (ASVS 7.2.4). */
export function authTimeOf(session: SessionRow): number {
  return Math.floor(Date.parse(authenticatedAt(session)) / 1_000)
}
