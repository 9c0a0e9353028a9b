import type { FieldProblem, FieldProblemCode } from '@rollcall/contract'
import { canonical } from '../../canonical.ts'
import { isCommonPassword } from './common-passwords.ts'

/** What a password may not resemble. */
export interface Profile {
  readonly username: string
  readonly email: string
  readonly first_name?: string | null
  readonly last_name?: string | null
  readonly phone_number?: string | null
}

export interface PolicySettings {
  readonly passwordPolicy: 'standard' | 'strict'
}

/** NIST SP 800-63B, section 3.1.1.2: 15 characters where a password stands alone. */
export const shortest = { standard: 8, strict: 15 } as const

/** Enough for any passphrase; a longer one would only cost the hash time. */
export const longest = 128

/** Words that everybody would try here first (ASVS 6.2.11). */
export const contextWords = ['rollcall', 'admin', 'administrator', 'superuser', 'staff', 'support']

/** Django's limit: how much two texts may have in common. */
const maxSimilarity = 0.7

export type Policy = ReturnType<typeof createPolicy>

/**
 * Judges new passwords: length, common ones, and those that resemble the
 * account. No rule about kinds of characters, and no expiry (ASVS 6.2.5, 6.2.10).
 */
export function createPolicy(settings: PolicySettings) {
  const minLength = shortest[settings.passwordPolicy]

  return {
    /** What is wrong with the password, under the name of its member; at most one problem. */
    async check(field: string, password: string, profile: Profile): Promise<FieldProblem[]> {
      const problem =
        badLength(password, minLength) ??
        (await tooCommon(password)) ??
        tooSimilar(password, profile)
      return problem ? [{ field, ...problem }] : []
    },
  }
}

type Objection = { code: FieldProblemCode; detail: string } | undefined

function badLength(password: string, minLength: number): Objection {
  const { length } = [...password.normalize('NFC')]
  if (length > longest) return { code: 'max_length', detail: `Use at most ${longest} characters.` }
  if (length >= minLength) return undefined
  return { code: 'password_too_short', detail: `Use at least ${minLength} characters.` }
}

async function tooCommon(password: string): Promise<Objection> {
  const folded = canonical(password).trim()
  // `Rollcall2026!` is `rollcall` to anybody who guesses.
  const word = folded.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  if (!contextWords.includes(word) && !(await isCommonPassword(folded))) return undefined
  return {
    code: 'password_too_common',
    detail: 'This password is among the first to be guessed. Choose another.',
  }
}

const comparedMembers = ['username', 'email', 'first_name', 'last_name', 'phone_number'] as const

function tooSimilar(password: string, profile: Profile): Objection {
  const folded = canonical(password)
  for (const member of comparedMembers) {
    const value = canonical(profile[member] ?? '')
    const parts = [value, ...value.split(/[^\p{L}\p{N}]+/u)]
    if (!parts.some((part) => resembles(folded, part))) continue
    return { code: 'password_too_similar', detail: `This password is too similar to ${member}.` }
  }
  return undefined
}

/** The same but for digits and signs around it, or much the same letters. */
function resembles(password: string, part: string): boolean {
  if (part.length < 3) return false
  const isWrapped = password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '') === part
  return isWrapped || similarity(password, part) >= maxSimilarity
}

/**
 * How much of both texts is one common subsequence, from 0 to 1. Django counts
 * common characters in any order, by which two random texts often look alike.
 */
function similarity(left: string, right: string): number {
  let row = new Array<number>(right.length + 1).fill(0)
  for (const character of left) {
    const next = [0]
    for (let column = 1; column <= right.length; column += 1) {
      const isCommon = character === right[column - 1]
      const longest = Math.max(row[column] ?? 0, next[column - 1] ?? 0)
      next.push(isCommon ? (row[column - 1] ?? 0) + 1 : longest)
    }
    row = next
  }
  return (2 * (row.at(-1) ?? 0)) / (left.length + right.length)
}
