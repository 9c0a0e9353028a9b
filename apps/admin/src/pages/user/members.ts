import type { User, UserPatch } from '@rollcall/sdk'
import type { Rule } from '../../generated/rules.gen.ts'
import { fieldText } from '../../text/errors.ts'

/** The members of an account that a form changes, as the form holds them. */
export const textMembers = [
  'username',
  'email',
  'first_name',
  'last_name',
  'phone_number',
  'address',
] as const
export const flagMembers = ['is_staff', 'is_superuser'] as const

export type TextMember = (typeof textMembers)[number]
export type FlagMember = (typeof flagMembers)[number]
export type Member = TextMember | FlagMember

/** Absent text is the empty one here, as in the fields. */
export type Values = Readonly<Record<TextMember, string> & Record<FlagMember, boolean>>

export const members: readonly Member[] = [...textMembers, ...flagMembers]

export const emptyValues: Values = {
  username: '',
  email: '',
  first_name: '',
  last_name: '',
  phone_number: '',
  address: '',
  is_staff: false,
  is_superuser: false,
}

export function valuesOf(user: User): Values {
  return {
    username: user.username,
    email: user.email,
    first_name: user.first_name ?? '',
    last_name: user.last_name ?? '',
    phone_number: user.phone_number ?? '',
    address: user.address ?? '',
    is_staff: user.is_staff,
    is_superuser: user.is_superuser,
  }
}

/** The members in which two forms differ. */
export function differing(a: Values, b: Values): Member[] {
  return members.filter((member) => a[member] !== b[member])
}

/** What is to be sent so that `base` becomes `values`: nothing that has not changed. */
export function patchOf(base: Values, values: Values): UserPatch {
  return Object.fromEntries(
    differing(base, values).map((member) => [member, absentIfEmpty(values[member])]),
  )
}

/** The texts of a new account that were given. */
export function givenTexts(values: Values): Partial<Record<TextMember, string>> {
  return Object.fromEntries(
    textMembers.flatMap((member) => (values[member] ? [[member, values[member]]] : [])),
  )
}

function absentIfEmpty(value: string | boolean): string | boolean | null {
  return value === '' ? null : value
}

/** What is wrong with a text by the rules of the contract; the server knows more. */
export function problemOf(
  rule: Rule,
  value: string,
  isRequired = (rule.minLength ?? 0) > 0,
): string | undefined {
  const length = [...value].length
  if (length === 0) return isRequired || rule.required ? fieldText.required : undefined
  if (length < (rule.minLength ?? 0)) return fieldText.tooShort(rule.minLength ?? 0)
  if (rule.maxLength !== undefined && length > rule.maxLength) {
    return fieldText.tooLong(rule.maxLength, length)
  }
  if (rule.pattern && !new RegExp(rule.pattern, 'u').test(value)) return fieldText.pattern
  return undefined
}

/** The problems of all texts of a form. */
export function problemsOf(
  rules: Readonly<Partial<Record<TextMember, Rule>>>,
  values: Values,
): Partial<Record<TextMember, string>> {
  return Object.fromEntries(
    textMembers.flatMap((member) => {
      const isRequired = member === 'username' || member === 'email'
      const problem = problemOf(rules[member] ?? {}, values[member], isRequired)
      const isAddress = member !== 'email' || problem || /^\S+@\S+$/.test(values.email)
      if (!isAddress) return [[member, fieldText.email]]
      return problem ? [[member, problem]] : []
    }),
  )
}
