/** Something that an operator should know. */
export interface Finding {
  /** A short name, for programs. */
  readonly check: string
  /** A note tells what is so and fails nothing. */
  readonly kind: 'finding' | 'note'
  readonly what: string
  readonly why: string
  readonly remedy: string
}

export function finding(check: string, what: string, why: string, remedy: string): Finding {
  return { check, kind: 'finding', what, why, remedy }
}
