import Type, { type TSchemaOptions } from 'typebox'

/** Text that may be absent: `null` in answers; `null` or `""` in bodies. */
export function optionalText(options: TSchemaOptions & { maxLength: number }) {
  return Type.Unsafe<string | null>({ type: ['string', 'null'], ...options })
}

/** An instant: RFC 3339 in UTC, with milliseconds and `Z`. */
export function instant(description: string) {
  return Type.String({ format: 'date-time', description })
}

/** An instant that may not have come yet. */
export function optionalInstant(description: string) {
  return Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time', description })
}

/** The length is counted in code points; the server's policy may demand more than 8. */
export const Password = Type.String({
  maxLength: 128,
  description:
    'At least 8 and at most 128 characters of any kind, neither common nor similar to the rest of the account. Taken exactly as sent, in Unicode normal form NFC.',
})

/** The id of something, in lower case alone: one thing, one spelling. */
export function idOf(description: string) {
  return Type.String({ format: 'uuid', pattern: '^[0-9a-f-]{36}$', description })
}
