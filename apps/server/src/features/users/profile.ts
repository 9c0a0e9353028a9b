import { type FieldProblem, type UserPatch, usernamePattern } from '@rollcall/contract'
import { canonical } from '../../canonical.ts'
import type { UserRow } from '../../db/tables.ts'
import { normalizePhoneNumber } from './phone.ts'

/** The members of an account that a body may set, as they are kept. */
export type ProfileRow = Pick<
  UserRow,
  | 'username'
  | 'usernameKey'
  | 'email'
  | 'emailKey'
  | 'firstName'
  | 'lastName'
  | 'phoneNumber'
  | 'address'
>

/** Names that look official, or that software gives a meaning. */
const reservedUsernames = new Set(
  'admin administrator anonymous api everyone help host hostmaster info me moderator nobody null postmaster root rollcall security self staff superuser support system undefined webmaster'.split(
    ' ',
  ),
)

const usernameForm = new RegExp(usernamePattern, 'u')

export interface ProfileRules {
  readonly phoneRegion?: string | undefined
  /** Staff may give somebody a reserved username; the public may not take one. */
  readonly mayUseReserved: boolean
}

/** The members that the body names, normalised, with what is wrong with them. */
export function readProfile(
  body: Pick<
    UserPatch,
    'username' | 'email' | 'first_name' | 'last_name' | 'phone_number' | 'address'
  >,
  rules: ProfileRules,
): { profile: Partial<ProfileRow>; errors: FieldProblem[] } {
  const profile: Partial<ProfileRow> = {}
  const errors: FieldProblem[] = []

  if (body.username !== undefined) {
    const username = body.username.normalize('NFKC')
    Object.assign(profile, { username, usernameKey: canonical(username) })
    errors.push(...usernameProblems(username, rules.mayUseReserved))
  }
  if (body.email !== undefined) {
    Object.assign(profile, { email: body.email, emailKey: canonical(body.email) })
  }
  if (body.first_name !== undefined) profile.firstName = trimmed(body.first_name)
  if (body.last_name !== undefined) profile.lastName = trimmed(body.last_name)
  if (body.address !== undefined) profile.address = body.address || null
  if (body.phone_number !== undefined) {
    const text = trimmed(body.phone_number)
    const number = text && normalizePhoneNumber(text, rules.phoneRegion)
    if (number === undefined) errors.push(badPhoneNumber)
    else profile.phoneNumber = number
  }
  return { profile, errors }
}

/** Empty text is none. */
function trimmed(text: string | null): string | null {
  return text?.trim() || null
}

function usernameProblems(username: string, mayUseReserved: boolean): FieldProblem[] {
  const field = 'username'
  if (!usernameForm.test(username)) {
    return [{ field, code: 'invalid', detail: 'Use letters, digits and @.+-_ only.' }]
  }
  if ([...username].length > 150) {
    return [{ field, code: 'max_length', detail: 'Use at most 150 characters.' }]
  }
  if (!mayUseReserved && reservedUsernames.has(canonical(username))) {
    return [{ field, code: 'invalid', detail: 'This username is reserved. Choose another.' }]
  }
  return []
}

const badPhoneNumber: FieldProblem = {
  field: 'phone_number',
  code: 'invalid',
  detail: 'This is no phone number. Write it with its country, such as +442079460958.',
}

/** Two characters, so that with one more they are a run that the indexes know. */
export const memberStart = '\n\n'

/** All that a search looks at, in the form that it compares. */
export function searchTextOf(profile: ProfileRow): string {
  const { username, email, firstName, lastName, phoneNumber } = profile
  const members = [username, email, firstName, lastName, phoneNumber].filter(Boolean)
  return canonical(members.map((member) => memberStart + member).join(''))
}
