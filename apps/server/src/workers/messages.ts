import type { Count } from '../tallies/tally.ts'

/** What a worker tells the primary, or asks it. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly hasSuperuser: boolean }
  | {
      readonly kind: 'count'
      readonly id: number
      readonly key: string
      readonly amount: number
      readonly windowMs: number
    }
  | { readonly kind: 'metrics'; readonly id: number; readonly metrics: object[] }

/** What the primary tells a worker, or asks it. */
export type FromPrimary =
  /** Of the workers one does what recurs. */
  | { readonly kind: 'recur' }
  | { readonly kind: 'count'; readonly id: number; readonly count: Count }
  | { readonly kind: 'metrics'; readonly id: number }
