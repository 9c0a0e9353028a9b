import type { UserOrdering } from '@rollcall/contract'
import { deriveKey, equalBytes, hmac } from '../../crypto.ts'

/** Where a page starts: after, or before, one account in one ordering. */
export interface Cursor {
  readonly ordering: UserOrdering
  readonly direction: 'after' | 'before'
  /** The account's value of the ordering's member, and its id. */
  readonly value: string
  readonly id: string
}

const macLength = 16

/** Writes and reads cursors; signed, so that none is made by hand. */
export function createCursors(secret: string) {
  const key = deriveKey(secret, 'cursors')
  const macOf = (text: Buffer) => hmac(key, text).subarray(0, macLength)

  return {
    encode({ ordering, direction, value, id }: Cursor): string {
      const text = Buffer.from(JSON.stringify([ordering, direction, value, id]))
      return Buffer.concat([macOf(text), text]).toString('base64url')
    },

    /** The cursor, or `undefined` for one that this server did not make. */
    decode(cursor: string): Cursor | undefined {
      const bytes = Buffer.from(cursor, 'base64url')
      // Node skips what is no base64url: one spelling alone is the cursor.
      if (bytes.toString('base64url') !== cursor) return undefined
      const text = bytes.subarray(macLength)
      if (!equalBytes(macOf(text), bytes.subarray(0, macLength))) return undefined
      const [ordering, direction, value, id] = JSON.parse(text.toString())
      return { ordering, direction, value, id }
    },
  }
}
