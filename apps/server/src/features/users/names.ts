import { isUniqueViolation } from '../../db/errors.ts'
import { invalidFields } from '../../problem.ts'

export const usernameTaken = {
  field: 'username',
  code: 'unique',
  detail: 'An account with this username exists already.',
} as const

export const emailTaken = {
  field: 'email',
  code: 'unique',
  detail: 'An account with this e-mail address exists already.',
} as const

/** The database has the last word on two that come at the same moment. */
export async function withUniqueNames<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isUniqueViolation(error, 'username_key')) throw invalidFields(usernameTaken)
    if (isUniqueViolation(error, 'email_key')) throw invalidFields(emailTaken)
    throw error
  }
}
