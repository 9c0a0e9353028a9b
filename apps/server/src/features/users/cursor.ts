import type { UserOrdering } from '@rollcall/contract'
import { deriveKey, signText, verifyText } from '../../crypto.ts'

/** By what accounts are walked: as callers ask for, or by their ids alone. */
export type WalkOrdering = UserOrdering | 'id'

/** Where a page starts: after, or before, one account in one ordering. */
export interface Cursor {
  readonly ordering: WalkOrdering
  readonly direction: 'after' | 'before'
  /** The account's value of the ordering's member, and its id. */
  readonly value: string
  readonly id: string
}

/** Writes and reads cursors; signed, so that none is made by hand. */
export function createCursors(secret: string) {
  const key = deriveKey(secret, 'cursors')
  return {
    encode: ({ ordering, direction, value, id }: Cursor): string =>
      signText(key, JSON.stringify([ordering, direction, value, id])),

    /** The cursor, or `undefined` for one that this server did not make. */
    decode(cursor: string): Cursor | undefined {
      const text = verifyText(key, cursor)
      if (text === undefined) return undefined
      const [ordering, direction, value, id] = JSON.parse(text)
      return { ordering, direction, value, id }
    },
  }
}
