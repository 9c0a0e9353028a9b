import type { Finding } from '@rollcall/contract'

export type { Finding }

export function finding(check: string, what: string, why: string, remedy: string): Finding {
  return { check, kind: 'finding', what, why, remedy }
}
