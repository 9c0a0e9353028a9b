/** What the address of the audit trail says. */
export interface AuditSearch {
  readonly actor?: string
  readonly target?: string
  readonly action?: string
  /** Instants without a zone, of the reader's own clock: `2026-01-31T09:30`. */
  readonly after?: string
  readonly before?: string
}

const id = /^[0-9a-f-]{36}$/
const minute = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/

const forms: Readonly<Record<keyof AuditSearch, RegExp>> = {
  actor: id,
  target: id,
  action: /^[a-z_.]+$/,
  after: minute,
  before: minute,
}

export function auditSearch(given: Record<string, unknown>): AuditSearch {
  return Object.fromEntries(
    Object.entries(forms).flatMap(([name, form]) => {
      const value = given[name]
      return typeof value === 'string' && form.test(value) ? [[name, value]] : []
    }),
  )
}
