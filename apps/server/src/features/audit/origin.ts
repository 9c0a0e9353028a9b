/** Where a request comes from: noted in the audit trail with whatever it changes. */
export interface Origin {
  readonly ip: string | null
  readonly userAgent: string | null
  readonly requestId: string | null
}

/** The command line. */
export const operator: Origin = { ip: null, userAgent: null, requestId: null }
