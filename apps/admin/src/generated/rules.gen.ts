// Made from the API contract by `pnpm --filter @rollcall/admin generate`; never edited by hand.

/** What the contract demands of one text of a form; lengths count code points. */
export interface Rule {
  readonly required?: true
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
}

export const rules = {
  NewUser: {
    username: { required: true, minLength: 1, maxLength: 150, pattern: '^[\\p{L}\\p{N}@.+\\-_]+$' },
    email: { required: true, maxLength: 254 },
    password: { maxLength: 128 },
    first_name: { maxLength: 150 },
    last_name: { maxLength: 150 },
    phone_number: { maxLength: 40 },
    address: { maxLength: 1000 },
  },
  UserPatch: {
    username: { minLength: 1, maxLength: 150, pattern: '^[\\p{L}\\p{N}@.+\\-_]+$' },
    email: { maxLength: 254 },
    first_name: { maxLength: 150 },
    last_name: { maxLength: 150 },
    phone_number: { maxLength: 40 },
    address: { maxLength: 1000 },
    password: { maxLength: 128 },
    current_password: { maxLength: 128 },
    reason: { maxLength: 500 },
  },
  NewRole: {
    name: { required: true, minLength: 1, maxLength: 100 },
    description: { maxLength: 1000 },
  },
} as const satisfies Record<string, Record<string, Rule>>
