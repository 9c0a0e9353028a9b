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
